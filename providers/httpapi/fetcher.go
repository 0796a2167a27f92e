// Bare downloads and link checks: no key, no cookie, and only addresses that
// anybody on the internet could reach.

package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

const (
	stallTimeout  = 30 * time.Second
	headerTimeout = 30 * time.Second
	pictureHead   = 1 << 20 // bytes of a picture that are read to see that it begins well
)

// Fetcher reads links without any key: results, models, and the pictures that
// a service is going to fetch. It follows at most five redirects, sends
// neither cookies nor a Referer, and gives up when no byte arrives for half a
// minute. Its errors are *providers.Failure; they name the host, never the
// path or query, and wrap the context's error where that ended.
type Fetcher struct {
	client    *http.Client
	transport *http.Transport
	loopback  bool
	stall     time.Duration
}

// NewFetcher returns a fetcher of https links at public addresses.
// allowLoopback adds http and https links at this computer itself, for the
// sandbox. Every connection is checked after its name was resolved.
func NewFetcher(allowLoopback bool) *Fetcher {
	transport := &http.Transport{
		DialContext:            dialer{allowLoopback}.dial,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  headerTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
	}
	f := &Fetcher{transport: transport, loopback: allowLoopback, stall: stallTimeout}
	f.client = &http.Client{Transport: transport, CheckRedirect: f.checkRedirect}
	return f
}

// CloseIdleConnections closes the connections that are not in use.
func (f *Fetcher) CloseIdleConnections() { f.transport.CloseIdleConnections() }

// CheckPicture reports why a service could not fetch a picture from this
// link: it must answer anybody with 200 and a jpeg, png, webp or gif that
// begins well. At most 1 MiB is read.
func (f *Fetcher) CheckPicture(ctx context.Context, link string) error {
	body, response, err := f.open(ctx, link, nil)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	host := response.Request.URL.Host
	if err := wantOK(response, providers.InvalidInput); err != nil {
		return err
	}
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

// Check reports why a link doesn't answer anybody with 200 and some bytes.
func (f *Fetcher) Check(ctx context.Context, link string) error {
	body, response, err := f.open(ctx, link, nil)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if err := wantOK(response, providers.InvalidInput); err != nil {
		return err
	}
	if _, err := io.ReadFull(body, make([]byte, 1)); err != nil {
		var failure *providers.Failure
		if errors.As(err, &failure) {
			return failure
		}
		return linkFailure(providers.InvalidInput, response.Request.URL.Host, providers.Say("sends an empty file"))
	}
	return nil
}

// Download copies what the link holds into w and returns its content type and
// size. A body that is cut, or longer than limit bytes (0 means no limit), is
// an error; an error of w itself is a failure of kind NoStorage.
func (f *Fetcher) Download(ctx context.Context, link string, w io.Writer, limit int64) (contentType string, n int64, err error) {
	body, response, err := f.open(ctx, link, nil)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = body.Close() }()
	if err := wantOK(response, providers.BadResult); err != nil {
		return "", 0, err
	}
	host := response.Request.URL.Host
	tooLong := linkFailure(providers.BadResult, host, providers.Say("sends more than %d MB", limit>>20))
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

// Resume reads a link from byte from on. validator is what an earlier Resume
// returned for the bytes already there. restarted reports that the body
// begins at byte 0 instead, since the file changed or the host can't resume.
// total is the whole file's size in bytes, -1 when unknown. The body's read
// errors are *providers.Failure; the caller closes it.
func (f *Fetcher) Resume(ctx context.Context, link string, from int64, validator string) (body io.ReadCloser, total int64, restarted bool, newValidator string, err error) {
	if from > 0 {
		body, total, newValidator, err = f.rest(ctx, link, from, validator)
		if body != nil || err != nil {
			return body, total, false, newValidator, err
		}
	}
	opened, response, err := f.open(ctx, link, nil)
	if err != nil {
		return nil, 0, false, "", err
	}
	if err := wantOK(response, providers.BadResult); err != nil {
		_ = opened.Close()
		return nil, 0, false, "", err
	}
	return opened, response.ContentLength, from > 0, validatorOf(response), nil
}

// rest asks for the bytes after from; a nil body means that the whole file
// must be read instead.
func (f *Fetcher) rest(ctx context.Context, link string, from int64, validator string) (io.ReadCloser, int64, string, error) {
	header := http.Header{"Range": {fmt.Sprintf("bytes=%d-", from)}}
	if validator != "" {
		header.Set("If-Range", validator)
	}
	body, response, err := f.open(ctx, link, header)
	if err != nil {
		return nil, 0, "", err
	}
	start, total, ok := contentRange(response.Header.Get("Content-Range"))
	switch status := response.StatusCode; {
	case status == http.StatusPartialContent && ok && start == from && total != from:
		return body, total, validatorOf(response), nil
	case status == http.StatusRequestedRangeNotSatisfiable && total == from && sameValidator(response, validator):
		_ = body.Close()
		return io.NopCloser(bytes.NewReader(nil)), total, validator, nil
	case status == http.StatusOK, status == http.StatusPartialContent, status == http.StatusRequestedRangeNotSatisfiable:
		_ = body.Close()
		return nil, 0, "", nil
	}
	defer func() { _ = body.Close() }()
	return nil, 0, "", wantOK(response, providers.BadResult)
}

// contentRange reads "bytes 100-199/200" and "bytes */200"; total is -1 when
// the host doesn't say, ok reports that there is a range.
func contentRange(header string) (start, total int64, ok bool) {
	span, size, found := strings.Cut(strings.TrimPrefix(header, "bytes "), "/")
	if !found {
		return 0, -1, false
	}
	total, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		total = -1
	}
	first, _, found := strings.Cut(span, "-")
	start, err = strconv.ParseInt(first, 10, 64)
	return start, total, found && err == nil
}

// validatorOf returns what names these very bytes: a strong ETag, else the
// time of the last change, else nothing.
func validatorOf(response *http.Response) string {
	if tag := response.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return response.Header.Get("Last-Modified")
}

func sameValidator(response *http.Response, validator string) bool {
	now := validatorOf(response)
	return now == "" || validator == "" || now == validator
}

// open asks for a link and returns its body, which fails when it stalls.
func (f *Fetcher) open(ctx context.Context, link string, header http.Header) (io.ReadCloser, *http.Response, error) {
	target, err := url.Parse(link)
	if err != nil || target.Host == "" {
		return nil, nil, linkFailure(providers.InvalidInput, "", providers.Say("is not a link such as https://example.com/photo.jpg"))
	}
	if why := f.refuses(target); !why.IsZero() {
		return nil, nil, linkFailure(providers.InvalidInput, target.Host, why)
	}
	watched, cancel := context.WithCancelCause(ctx)
	request, err := http.NewRequestWithContext(watched, http.MethodGet, link, nil)
	if err != nil {
		cancel(nil)
		return nil, nil, linkFailure(providers.InvalidInput, target.Host, providers.Say("is not a valid link"))
	}
	for key, values := range header {
		request.Header[key] = values
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := f.client.Do(request)
	if err != nil {
		cancel(nil)
		return nil, nil, fetchTrouble(ctx, hostOf(err, target), err)
	}
	body := newStallReader(ctx, cancel, response, f.stall)
	return body, response, nil
}

// refuses says why a link is not followed; nothing when it is.
func (f *Fetcher) refuses(target *url.URL) providers.Sentence {
	switch {
	case target.User != nil:
		return providers.Say("holds a user name or password")
	case target.Scheme == "https":
		return providers.Sentence{}
	case target.Scheme == "http" && f.loopback && isLoopback(target.Hostname()):
		return providers.Sentence{}
	}
	return providers.Say("does not begin with https://")
}

func (f *Fetcher) checkRedirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	if len(via) > maxRedirects {
		return linkFailure(providers.BadResult, next.URL.Host, providers.Say("redirects too often"))
	}
	if why := f.refuses(next.URL); !why.IsZero() {
		return linkFailure(providers.InvalidInput, next.URL.Host, why)
	}
	if isLoopback(next.URL.Hostname()) && !isLoopback(via[0].URL.Hostname()) {
		return linkFailure(providers.InvalidInput, via[0].URL.Host, providers.Say("redirects into this computer"))
	}
	return nil
}

func mediaType(header string) string {
	kind, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
