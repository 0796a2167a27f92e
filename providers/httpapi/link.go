// What can be wrong with a link, in words; pictures that begin well.

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
	"github.com/maquette-studio/maquette/providers/network"
)

func linkFailure(kind providers.FailureKind, host string, why providers.Sentence) *providers.Failure {
	message := providers.Say("The link %s", why)
	if host != "" {
		message = providers.Say("The link at %s %s", host, why)
	}
	return &providers.Failure{Kind: kind, Message: message, Advice: advice[kind], Remedy: remedies[kind], Outcome: providers.Refused}
}

// wantWhole turns any answer but a whole file into a failure: one that a proxy
// changed on the way (203) is one, and so is a range of all bytes, or one that
// doesn't say of how many. refused is the kind of an answer that the host will
// repeat.
func wantWhole(response *http.Response, refused providers.FailureKind) error {
	status := response.StatusCode
	span := rangeOf(response)
	switch {
	case status == http.StatusOK, status == http.StatusCreated, status == http.StatusNonAuthoritativeInfo:
		return nil
	case status == http.StatusPartialContent && isAll(response, span):
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
	failure.Garbled = refused == providers.BadResult && status < 400 // no refusal, and no file
	return failure
}

// isAll reports whether an answer of a part, which wasn't asked for, can be the
// whole file.
func isAll(response *http.Response, part span) bool {
	if !part.ok {
		return response.Header.Get("Content-Range") == "" && !strings.HasPrefix(mediaType(response.Header.Get("Content-Type")), "multipart/")
	}
	return part.start == 0 && (part.total < 0 || part.end+1 == part.total)
}

// fetchTrouble is a link that gave no answer, or only a part of one.
func fetchTrouble(ctx context.Context, host string, err error) *providers.Failure {
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errNoAnswer) {
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
	var dns *net.DNSError
	var slow *network.SlowError
	proxy, remedy, atProxy := proxyTrouble(err)
	switch {
	case atProxy:
		failure = linkFailure(providers.NoNetwork, host, providers.Say("can't be reached: %s", proxy))
		failure.Advice = remedy
	case errors.As(err, &network.NotPublicError{}):
		failure = linkFailure(providers.InvalidInput, host, providers.Say("leads to an address that is not on the public internet"))
		failure.Advice = notPublicAdvice
	case errors.As(err, &dns) && dns.IsNotFound:
		failure = linkFailure(providers.NotFound, host, providers.Say("leads to a name that doesn't exist"))
	case errors.As(err, &slow) && slow.Speed > 0:
		failure = linkFailure(providers.NoNetwork, host, providers.Say("sends only %d bytes a second", slow.Speed))
	case errors.As(err, &slow):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("stopped sending"))
	case errors.Is(err, io.ErrUnexpectedEOF):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("sent only a part of the file"))
	case isTimeout(err) || errors.Is(context.Cause(ctx), errNoAnswer):
		failure = linkFailure(providers.NoNetwork, host, providers.Say("did not answer in time"))
	default:
		failure = linkFailure(providers.NoNetwork, host, providers.Say("can't be reached: %s", ConnectTrouble(err)))
	}
	failure.Cause = err
	return failure
}

var notPublicAdvice = providers.Say("Check the link. If a VPN or filter answers this name with an inner address, switch it off, or set HTTPS_PROXY to a proxy.")

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

// resultTrouble says why these first bytes are no result, but what hosts answer
// while there is none; nothing when they may be one.
func resultTrouble(head []byte) providers.Sentence {
	switch {
	case len(head) == 0:
		return providers.Say("sends an empty file")
	case !providers.IsText(head), providers.IsVector(head):
		return providers.Sentence{}
	case strings.HasPrefix(http.DetectContentType(head), "text/html"):
		return providers.Say("shows a web page, not a picture")
	}
	return providers.Say("holds no picture")
}

// errNoAnswer is the cause of a check that took too long.
var errNoAnswer = errors.New("no answer in time")

// linkBody is a link's body, unpacked. Its errors other than io.EOF are
// failures.
type linkBody struct {
	io.ReadCloser // as it came

	plain io.Reader
	ctx   context.Context
	host  string
}

// Read reads the plain bytes.
func (b *linkBody) Read(p []byte) (int, error) {
	n, err := b.plain.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, fetchTrouble(b.ctx, b.host, err)
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
