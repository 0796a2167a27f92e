// What can be wrong with a link, in words; pictures that begin well; bodies
// that stall.

package httpapi

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/image/webp"

	"github.com/maquette-studio/maquette/providers"
)

func linkFailure(kind providers.FailureKind, host string, why providers.Sentence) *providers.Failure {
	message := providers.Say("The link %s", why)
	if host != "" {
		message = providers.Say("The link at %s %s", host, why)
	}
	return &providers.Failure{Kind: kind, Message: message, Advice: advice[kind], Remedy: remedies[kind], Outcome: providers.Refused}
}

// wantOK turns any status but 200 into a failure; refused is the kind of one
// that the host will repeat.
func wantOK(response *http.Response, refused providers.FailureKind) error {
	status := response.StatusCode
	if status == http.StatusOK {
		return nil
	}
	kind := refused
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		kind = providers.NotFound
	case status == http.StatusTooManyRequests:
		kind = providers.RateLimited
	case status == http.StatusRequestTimeout || status >= 500:
		kind = providers.ServiceTrouble
	}
	why := providers.Say("answered %s", strings.TrimSpace(strconv.Itoa(status)+" "+http.StatusText(status)))
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		why = providers.Say("%s; it can't be read by anybody, or it has expired", why)
	}
	failure := linkFailure(kind, response.Request.URL.Host, why)
	failure.Status = status
	failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), time.Now())
	return failure
}

// fetchTrouble is a link that gave no answer, or only a part of one.
func fetchTrouble(ctx context.Context, host string, err error) *providers.Failure {
	if ctx.Err() != nil {
		return &providers.Failure{
			Kind: providers.Interrupted, Message: providers.Say("Stopped reading from %s", host),
			Outcome: providers.Unclear, Cause: ctx.Err(),
		}
	}
	var failure *providers.Failure
	if errors.As(err, &failure) {
		return failure
	}
	err = withoutURL(err)
	var refused notPublic
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		failure = linkFailure(providers.InvalidInput, host, providers.Say("leads to an address that is not on the public internet"))
	case errors.As(err, &dns) && dns.IsNotFound:
		failure = linkFailure(providers.NotFound, host, providers.Say("leads to a name that doesn't exist"))
	case errors.Is(err, errStalled):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("stopped sending"))
	case errors.Is(err, io.ErrUnexpectedEOF):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("sent only a part of the file"))
	case isTimeout(err):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("did not answer in time"))
	default:
		failure = linkFailure(providers.NoNetwork, host, providers.Say("can't be reached: %s", connectTrouble(err)))
	}
	failure.Cause = err
	return failure
}

// hostOf names the host that failed, which after a redirect is another one
// than was asked.
func hostOf(err error, asked *url.URL) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		if u, err := url.Parse(wrapped.URL); err == nil && u.Host != "" {
			return u.Host
		}
	}
	return asked.Host
}

// pictureTrouble says why these first bytes are not a picture that a service
// can use; nothing when they are.
func pictureTrouble(contentType string, head []byte) providers.Sentence {
	if len(head) == 0 {
		return providers.Say("sends an empty file")
	}
	sniffed := http.DetectContentType(head)
	if strings.HasPrefix(sniffed, "text/html") {
		return providers.Say("shows a web page, not a picture")
	}
	var decode func(io.Reader) (image.Config, error)
	switch sniffed {
	case "image/jpeg":
		decode = jpeg.DecodeConfig
	case "image/png":
		decode = png.DecodeConfig
	case "image/gif":
		decode = gif.DecodeConfig
	case "image/webp":
		decode = webp.DecodeConfig
	default:
		if strings.HasPrefix(contentType, "image/") {
			return providers.Say("holds a picture that is neither jpeg, png, webp nor gif")
		}
		return providers.Say("holds no picture")
	}
	config, err := decode(bytes.NewReader(head))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return providers.Say("holds a damaged picture")
	}
	return providers.Sentence{}
}

var errStalled = errors.New("no bytes arrived")

// stallReader is a body that fails when no byte arrives for a while; the time
// between two reads doesn't count.
type stallReader struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	body   io.ReadCloser
	host   string
	timer  *time.Timer
	stall  time.Duration
}

func newStallReader(ctx context.Context, cancel context.CancelCauseFunc, response *http.Response, stall time.Duration) *stallReader {
	timer := time.AfterFunc(stall, func() { cancel(errStalled) })
	timer.Stop()
	return &stallReader{ctx: ctx, cancel: cancel, body: response.Body, host: response.Request.URL.Host, timer: timer, stall: stall}
}

// Read reads from the body; its errors other than io.EOF are failures.
func (r *stallReader) Read(p []byte) (int, error) {
	r.timer.Reset(r.stall)
	n, err := r.body.Read(p)
	stalled := !r.timer.Stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	if stalled && r.ctx.Err() == nil {
		err = errStalled
	}
	return n, fetchTrouble(r.ctx, r.host, err)
}

// Close ends the request.
func (r *stallReader) Close() error {
	r.timer.Stop()
	r.cancel(nil)
	return r.body.Close()
}

// diskWriter marks the errors of what is written to, so that a full disk is
// not taken for a broken link.
type diskWriter struct{ w io.Writer }

// Write writes to the file.
func (d diskWriter) Write(p []byte) (int, error) {
	n, err := d.w.Write(p)
	if err != nil {
		err = &providers.Failure{
			Kind: providers.NoStorage, Message: providers.Say("A download could not be written to this computer's disk"),
			Advice: providers.Say("Free some space, or choose another folder."), Remedy: providers.Remedy{Code: providers.OpenFolder},
			Outcome: providers.Refused, Cause: err,
		}
	}
	return n, err
}
