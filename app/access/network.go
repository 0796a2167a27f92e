// How the bucket's requests leave this computer: as all others do.

package access

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/maquette-studio/maquette/providers/network"
	"github.com/maquette-studio/maquette/storage"
)

// bucketHeaders is how long a store may take to answer.
const bucketHeaders = time.Minute

// bucketNetwork is the network this computer is on, as a bucket uses it.
type bucketNetwork struct{}

// Transport is a bucket's own.
func (bucketNetwork) Transport() storage.Transport {
	return network.Here().NewTransport(network.Options{HeaderTimeout: bucketHeaders})
}

// Read reads at most limit bytes of a link as one who knows nothing else.
func (bucketNetwork) Read(ctx context.Context, link string, limit int64) (storage.LinkAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, http.NoBody)
	if err != nil {
		return storage.LinkAnswer{}, err
	}
	request.Header.Set("Accept-Encoding", "identity")
	transport := network.Here().NewTransport(network.Options{Once: true})
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return storage.LinkAnswer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	answer := storage.LinkAnswer{Status: response.StatusCode, Type: response.Header.Get("Content-Type")}
	plain, err := network.Decode(response.Header, response.Body)
	if err != nil {
		return answer, err
	}
	answer.Body, err = io.ReadAll(io.LimitReader(plain, limit))
	return answer, err
}
