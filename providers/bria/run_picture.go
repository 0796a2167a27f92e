// Pictures on their way to Bria: read, checked, in base64.

package bria

import (
	"bytes"
	"context"
	"encoding/base64"
	stdimage "image"
	_ "image/jpeg" // what may be sent
	_ "image/png"
	"io"
	"math"

	_ "golang.org/x/image/webp" // a format that guidance pictures may have

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

const (
	maxFile     = 12 << 20 // bytes of a picture that guides
	pictureHead = 1 << 20  // bytes of a linked picture that are read to see what it is
)

// encoded is a photo's prepared bytes in base64.
func encoded(ctx context.Context, photo providers.Photo) (string, error) {
	content, err := bytesOf(ctx, photo, providers.Conn{})
	return base64.StdEncoding.EncodeToString(content), err
}

// bytesOf reads a picture of this computer's, or fetches one on the web.
func bytesOf(ctx context.Context, photo providers.Photo, conn providers.Conn) ([]byte, error) {
	var content bytes.Buffer
	if photo.URL != "" {
		fetcher := httpapi.NewFetcher(httpapi.IsLocal(conn))
		defer fetcher.CloseIdleConnections()
		_, _, err := fetcher.Download(ctx, photo.URL, &content, maxFile)
		return content.Bytes(), notSent(err)
	}
	reader, err := photo.Open(ctx)
	if err != nil {
		return nil, notSent(err)
	}
	defer func() { _ = reader.Close() }()
	_, err = io.Copy(&content, reader)
	return content.Bytes(), notSent(err)
}

// headOf reads the beginning of a picture on the web: what it is shows there.
func headOf(ctx context.Context, link string, conn providers.Conn) ([]byte, error) {
	fetcher := httpapi.NewFetcher(httpapi.IsLocal(conn))
	defer fetcher.CloseIdleConnections()
	body, _, _, _, err := fetcher.Resume(ctx, link, 0, "")
	if err != nil {
		return nil, notSent(err)
	}
	defer func() { _ = body.Close() }()
	content, err := io.ReadAll(io.LimitReader(body, pictureHead))
	return content, notSent(err)
}

// notSent makes trouble with a picture the failure of a request that never
// left, so that nothing needs to be looked up.
func notSent(err error) error {
	if err == nil {
		return nil
	}
	failure := providers.Failure{Kind: providers.InvalidInput, Message: providers.Say("A picture could not be read: %v", err), Cause: err}
	if known, ok := asFailure(err); ok {
		failure = *known
	}
	failure.Outcome = providers.NotSent
	return &failure
}

// picture is one that guides a generation, ready to be sent.
type picture struct {
	base64 string
	size   stdimage.Point // pixels
}

// guide readies the picture in a field, or says at the field what keeps it
// from being sent.
func guide(ctx context.Context, run *providers.Run, field, ref string) (picture, error) {
	photo, err := run.Image(ctx, ref)
	if err != nil {
		return picture{}, at(notSent(err), field)
	}
	content, err := bytesOf(ctx, photo, run.Conn)
	if err != nil {
		return picture{}, at(err, field)
	}
	config, trouble := inspect(content)
	switch {
	case !trouble.IsZero():
		return picture{}, providers.Refusal(problem(field, "%s", trouble))
	case len(content) > maxFile:
		// Rounded up, so that it never reads as allowed.
		size := math.Ceil(float64(len(content))*10/(1<<20)) / 10
		return picture{}, providers.Refusal(problem(field, "has %.1f MB; 12 MB are the most", size))
	}
	return picture{base64.StdEncoding.EncodeToString(content), stdimage.Pt(config.Width, config.Height)}, nil
}

// inspect says why a file is no picture that Bria takes; nothing when it is one.
func inspect(content []byte) (stdimage.Config, providers.Sentence) {
	config, format, err := stdimage.DecodeConfig(bytes.NewReader(content))
	switch {
	case err != nil:
		return config, providers.Say("can't be read; use a jpeg, png or webp picture")
	case format != "jpeg" && format != "png" && format != "webp":
		return config, providers.Say("is a %s; use a jpeg, png or webp picture", format)
	}
	return config, providers.Sentence{}
}

// sameShape reports whether two pictures have the same aspect ratio, to a
// hundredth.
func sameShape(a, b stdimage.Point) bool {
	return math.Abs(float64(a.X)*float64(b.Y)/(float64(a.Y)*float64(b.X))-1) <= 0.01
}
