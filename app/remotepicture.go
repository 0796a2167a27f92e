// Small pictures of what lies at a service, for looking at it there.

package app

import (
	"bytes"
	"context"
	"fmt"
	"image"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// remotePictureMost bounds what is fetched for one small picture, in bytes.
const remotePictureMost = 32 << 20

// RemotePicture fetches a picture that a service's answer links to, no edge
// longer than px pixels. Nothing of it is kept. Links to this computer are
// followed only where the service itself is on it. Its errors never hold the
// link's path or query.
func (s *Studio) RemotePicture(ctx context.Context, serviceID, link string, px int) (image.Image, error) {
	service, ok := s.Service(serviceID)
	if !ok {
		return nil, fmt.Errorf("there is no service %s", serviceID)
	}
	fetcher := httpapi.NewFetcher(isLoopback(s.BaseURL(service)))
	defer fetcher.CloseIdleConnections()
	var content bytes.Buffer
	if _, _, err := fetcher.Download(ctx, link, &content, remotePictureMost); err != nil {
		return nil, err
	}
	return photo.Thumbnail(ctx, bytes.NewReader(content.Bytes()), px)
}
