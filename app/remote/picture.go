// Pictures of what lies at the service, for looking at it.

package remote

import (
	"bytes"
	"context"
	"image"
	"sync"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// mostPicture bounds what is fetched for one picture, in bytes.
const mostPicture = 32 << 20

// links keep the connections that pictures are fetched over, apart for a
// service on this computer and elsewhere: only the former's links may lead
// here.
type links struct {
	isLocal func() bool

	mu     sync.Mutex
	local  *httpapi.Fetcher
	public *httpapi.Fetcher
}

// fetcher is the one for where the service is now.
func (l *links) fetcher() *httpapi.Fetcher {
	local := l.isLocal != nil && l.isLocal()
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := &l.public
	if local {
		kept = &l.local
	}
	if *kept == nil {
		*kept = httpapi.NewFetcher(local)
	}
	return *kept
}

func (l *links) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, fetcher := range []*httpapi.Fetcher{l.local, l.public} {
		if fetcher != nil {
			fetcher.CloseIdleConnections()
		}
	}
}

// Picture fetches a picture that the service's answer links to, no edge longer
// than px pixels. Nothing of it is kept. Links to this computer are followed
// only where the service itself is on it. Its errors never hold the link's
// path or query.
func (r *Remote) Picture(ctx context.Context, link string, px int) (image.Image, error) {
	var content bytes.Buffer
	if _, _, err := r.links.fetcher().Download(ctx, link, &content, mostPicture); err != nil {
		return nil, err
	}
	return photo.Thumbnail(ctx, bytes.NewReader(content.Bytes()), px)
}
