// Package remote is what lies at a service: what is there, what is to be sent
// there, and looking at it.
package remote

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"sync"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// remotePictureMost bounds what is fetched for one picture, in bytes.
const remotePictureMost = 32 << 20

// Pictures shows what a service links to. It keeps the connections that
// pictures are fetched over, apart for services on this computer and
// elsewhere: only the former's links may lead here.
type Pictures struct {
	Services providers.Services
	IsLocal  func(*providers.Service) bool

	mu     sync.Mutex
	local  *httpapi.Fetcher
	public *httpapi.Fetcher
}

// of is the fetcher of a service's links.
func (r *Pictures) of(local bool) *httpapi.Fetcher {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := &r.public
	if local {
		kept = &r.local
	}
	if *kept == nil {
		*kept = httpapi.NewFetcher(local)
	}
	return *kept
}

// Close lets go of the connections.
func (r *Pictures) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, fetcher := range []*httpapi.Fetcher{r.local, r.public} {
		if fetcher != nil {
			fetcher.CloseIdleConnections()
		}
	}
}

// Thumbnail fetches a picture that a service's answer links to, no edge longer
// than px pixels. Nothing of it is kept. Links to this computer are followed
// only where the service itself is on it. Its errors never hold the link's
// path or query.
func (r *Pictures) Thumbnail(ctx context.Context, serviceID, link string, px int) (image.Image, error) {
	service, ok := r.Services.Service(serviceID)
	if !ok {
		return nil, fmt.Errorf("there is no service %s", serviceID)
	}
	var content bytes.Buffer
	if _, _, err := r.of(r.IsLocal(service)).Download(ctx, link, &content, remotePictureMost); err != nil {
		return nil, err
	}
	return photo.Thumbnail(ctx, bytes.NewReader(content.Bytes()), px)
}
