// Bare downloads and link checks: no key, no cookie, and only addresses that
// anybody on the internet could reach.

package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const (
	headerTimeout = 30 * time.Second
	checkTimeout  = 2 * time.Minute
	pictureHead   = 1 << 20  // bytes of a picture that are read to see that it begins well
	resultHead    = 64 << 10 // bytes of a result that are read to see that it is none but in name
)

// Fetcher reads links without any key: results, models, and the pictures that
// a service is going to fetch. It follows at most five redirects, sends
// neither cookies nor a Referer, and gives up on what is slower than
// network.Floor. Its errors are *providers.Failure; they name the host, never
// the path or query, and wrap the context's error where that ended.
type Fetcher struct {
	client    *http.Client
	transport *network.Transport
	loopback  bool
}

// NewFetcher returns a fetcher of https links at public addresses.
// allowLoopback adds http and https links at this computer itself, for the
// sandbox. Links take the same proxy as the requests that were paid; without
// one, every connection is checked after its name was resolved.
func NewFetcher(allowLoopback bool) *Fetcher {
	return newFetcher(network.Here(), allowLoopback, network.Pace{})
}

func newFetcher(over *network.Network, allowLoopback bool, floor network.Pace) *Fetcher {
	reach := network.Public
	if allowLoopback {
		reach = network.PublicOrHere
	}
	f := &Fetcher{loopback: allowLoopback}
	f.transport = over.NewTransport(network.Options{Reach: reach, HeaderTimeout: headerTimeout, Floor: floor})
	f.client = &http.Client{Transport: f.transport, CheckRedirect: f.checkRedirect}
	return f
}

// CloseIdleConnections closes the connections that are not in use.
func (f *Fetcher) CloseIdleConnections() { f.transport.CloseIdleConnections() }

// CheckPicture reports why a service could not fetch a picture from this
// link: it must answer anybody with 200 and a jpeg, png, webp or gif that
// begins well. At most 1 MiB is read, for two minutes at most.
func (f *Fetcher) CheckPicture(ctx context.Context, link string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, checkTimeout, errNoAnswer)
	defer cancel()
	body, response, err := f.openWhole(ctx, link, providers.InvalidInput)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	host := response.Request.URL.Host
	head, err := io.ReadAll(io.LimitReader(body, pictureHead))
	if err != nil {
		return err
	}
	kind := mediaType(response.Header.Get("Content-Type"))
	if why := pictureTrouble(kind, head); !why.IsZero() {
		failure := linkFailure(providers.InvalidInput, host, why)
		failure.Advice = providers.Say("Give a link that shows the picture itself, to anybody, without logging in.")
		failure.Status = response.StatusCode
		return failure
	}
	return nil
}

// CheckResult reports why a link doesn't lead to a result: it must answer with
// bytes of whatever kind that are neither a web page, other text nor XML,
// unless that is an SVG graphic. At most 64 KiB are read, for two minutes at
// most; what the bytes are is judged when they are kept.
func (f *Fetcher) CheckResult(ctx context.Context, link string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, checkTimeout, errNoAnswer)
	defer cancel()
	body, response, err := f.openWhole(ctx, link, providers.InvalidInput)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	head, err := io.ReadAll(io.LimitReader(body, resultHead))
	if err != nil && len(head) == 0 {
		return err
	}
	if why := resultTrouble(head); !why.IsZero() {
		return linkFailure(providers.InvalidInput, response.Request.URL.Host, why)
	}
	return nil
}

// Check reports why a link doesn't answer anybody with 200 and some bytes.
func (f *Fetcher) Check(ctx context.Context, link string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, checkTimeout, errNoAnswer)
	defer cancel()
	body, response, err := f.openWhole(ctx, link, providers.InvalidInput)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if _, err := io.ReadFull(body, make([]byte, 1)); err != nil {
		var failure *providers.Failure
		if errors.As(err, &failure) {
			return failure
		}
		return linkFailure(providers.InvalidInput, response.Request.URL.Host, providers.Say("sends an empty file"))
	}
	return nil
}

// ErrTooLong is the cause of a failure: a link holds more than was allowed.
var ErrTooLong = errors.New("longer than allowed")

// Download copies what the link holds into w and returns its content type and
// size. A body that is cut, or longer than limit bytes (0 means no limit;
// ErrTooLong), is an error; an error of w itself is a failure of kind NoStorage.
func (f *Fetcher) Download(ctx context.Context, link string, w io.Writer, limit int64) (contentType string, n int64, err error) {
	body, response, err := f.openWhole(ctx, link, providers.BadResult)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = body.Close() }()
	host := response.Request.URL.Host
	tooLong := linkFailure(providers.BadResult, host, providers.Say("sends more than %d MB", limit>>20))
	tooLong.Cause = ErrTooLong
	if limit > 0 && response.ContentLength > limit {
		return "", 0, tooLong
	}
	var source io.Reader = body
	if limit > 0 {
		source = io.LimitReader(body, limit+1)
	}
	n, err = io.Copy(diskWriter{w}, source)
	if err != nil {
		return "", n, err
	}
	if limit > 0 && n > limit {
		return "", n, tooLong
	}
	return mediaType(response.Header.Get("Content-Type")), n, nil
}

// openWhole opens a link that must hold a whole file, and undoes the codings
// of the way as far as that goes. refused is the kind of an answer that the host will repeat.
func (f *Fetcher) openWhole(ctx context.Context, link string, refused providers.FailureKind) (io.ReadCloser, *http.Response, error) {
	body, response, err := f.open(ctx, link, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := wantWhole(response, refused); err != nil {
		_ = body.Close()
		return nil, nil, err
	}
	if len(network.Codings(response.Header)) == 0 {
		return body, response, nil
	}
	plain := network.DecodeFile(response.Header, body)
	response.ContentLength = -1 // that of the packed file
	return &linkBody{ReadCloser: body, plain: plain, ctx: ctx, host: response.Request.URL.Host}, response, nil
}

// open asks for a link and returns its body, as it came.
func (f *Fetcher) open(ctx context.Context, link string, header http.Header) (io.ReadCloser, *http.Response, error) {
	target, err := url.Parse(link)
	if err != nil || target.Host == "" {
		return nil, nil, linkFailure(providers.InvalidInput, "", providers.Say("is not a link such as https://example.com/photo.jpg"))
	}
	if why := f.refuses(target); !why.IsZero() {
		return nil, nil, linkFailure(providers.InvalidInput, target.Host, why)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, nil, linkFailure(providers.InvalidInput, target.Host, providers.Say("is not a valid link"))
	}
	for key, values := range header {
		request.Header[key] = values
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept-Encoding", "identity")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, nil, fetchTrouble(ctx, hostOf(err, target), err)
	}
	host := response.Request.URL.Host
	return &linkBody{ReadCloser: response.Body, plain: response.Body, ctx: ctx, host: host}, response, nil
}

// refuses says why a link is not followed; nothing when it is.
func (f *Fetcher) refuses(target *url.URL) providers.Sentence {
	switch {
	case target.User != nil:
		return providers.Say("holds a user name or password")
	case target.Scheme == "https":
		return providers.Sentence{}
	case target.Scheme == "http" && f.loopback && network.IsThisComputer(target.Hostname()):
		return providers.Sentence{}
	}
	return providers.Say("does not begin with https://")
}

func (f *Fetcher) checkRedirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	if len(via) > maxRedirects {
		return linkFailure(providers.InvalidInput, next.URL.Host, providers.Say("redirects too often"))
	}
	if why := f.refuses(next.URL); !why.IsZero() {
		return linkFailure(providers.InvalidInput, next.URL.Host, why)
	}
	if network.IsThisComputer(next.URL.Hostname()) && !network.IsThisComputer(via[0].URL.Hostname()) {
		return linkFailure(providers.InvalidInput, via[0].URL.Host, providers.Say("redirects into this computer"))
	}
	return nil
}

func mediaType(header string) string {
	kind, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
