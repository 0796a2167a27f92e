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
func (bucketNetwork) Read(ctx context.Context, link string, limit int64) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Accept-Encoding", "identity")
	transport := network.Here().NewTransport(network.Options{Once: true})
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	plain, err := network.Decode(response.Header, response.Body)
	if err != nil {
		return response.StatusCode, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(plain, limit))
	return response.StatusCode, body, err
}
