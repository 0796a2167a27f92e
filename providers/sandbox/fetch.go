// Fetching what a request links to, as the services do: bounded, anonymous, and refusing what is no picture.

package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // a format the services take
	_ "image/png"  // likewise
	"io"
	"net/http"
	"strings"
	"time"

	_ "golang.org/x/image/webp" // likewise

	"github.com/maquette-studio/maquette/providers/network"
)

const (
	maxFetch    = 64 << 20 // bytes
	maxPixels   = 100_000_000
	fetchWithin = 10 * time.Second
)

type fetcher struct {
	client *http.Client
	turns  chan struct{} // fetching and decoding is bounded: pictures are big in memory
}

// statusError is the status of an answer other than 200.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

func newFetcher() *fetcher {
	return &fetcher{
		client: &http.Client{Transport: network.Here().NewTransport(network.Options{Once: true}), Timeout: fetchWithin},
		turns:  make(chan struct{}, 2),
	}
}

// get reads a linked file whole. Errors never hold the link's query, which may be a signature.
func (f *fetcher) get(ctx context.Context, link string) (data []byte, contentType string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, "", errors.New("not a valid link")
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, "", errors.New("the host can't be reached")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, "", statusError(resp.StatusCode)
	}
	plain, err := network.Decode(resp.Header, resp.Body)
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(plain, maxFetch+1))
	}
	if err != nil {
		return nil, "", errors.New("the answer broke off")
	}
	if len(data) > maxFetch {
		return nil, "", errors.New("the file is larger than 64 MiB")
	}
	return data, resp.Header.Get("Content-Type"), nil
}

// picture fetches and decodes a linked image and scales it to at most longest pixels a side.
func (f *fetcher) picture(ctx context.Context, link string, longest int) (*image.RGBA, error) {
	img, _, err := f.original(ctx, link)
	if err != nil {
		return nil, err
	}
	return fitWithin(img, longest), nil
}

// original fetches and decodes a linked image; format is one such as "jpeg" or "gif".
func (f *fetcher) original(ctx context.Context, link string) (img image.Image, format string, err error) {
	done, err := f.turn(ctx)
	if err != nil {
		return nil, "", err
	}
	defer done()
	data, contentType, err := f.get(ctx, link)
	if err != nil {
		return nil, "", err
	}
	if strings.HasPrefix(contentType, "text/") || strings.HasPrefix(contentType, "application/json") {
		return nil, "", fmt.Errorf("content type %s is no image", contentType)
	}
	return decodePicture(data)
}

// turn waits until another picture may be held in memory. Calling done ends that.
func (f *fetcher) turn(ctx context.Context) (done func(), err error) {
	select {
	case f.turns <- struct{}{}:
		return func() { <-f.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

var (
	errNoImage = errors.New("the file is no image")
	errDamaged = errors.New("the image is damaged")
)

// decodePicture decodes any image; the caller judges the format.
func decodePicture(data []byte) (img image.Image, format string, err error) {
	about, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, "", errNoImage
	}
	if about.Width*about.Height > maxPixels {
		return nil, format, fmt.Errorf("%d×%d pixels are too many", about.Width, about.Height)
	}
	if img, _, err = image.Decode(bytes.NewReader(data)); err != nil {
		return nil, format, errDamaged
	}
	return img, format, nil
}

// post sends a callback: up to tries times, delay apart, until the receiver answers 200.
func (f *fetcher) post(ctx context.Context, link string, body []byte, tries int, delay time.Duration) {
	for try := range tries {
		if try > 0 {
			select {
			case <-time.After(delay):
			case <-ctx.Done():
				return
			}
		}
		if f.postOnce(ctx, link, body) == http.StatusOK {
			return
		}
	}
}

// postOnce sends a callback once and returns the receiver's status, 0 without an answer.
func (f *fetcher) postOnce(ctx context.Context, link string, body []byte) (status int) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, link, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.client.Do(req)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// withoutQuery names a link without what may be a signature.
func withoutQuery(link string) string {
	bare, _, _ := strings.Cut(link, "?")
	return bare
}
