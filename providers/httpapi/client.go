// Package httpapi is the one HTTP client that all services share: it knows
// which requests may be repeated, what a status means for the user's money,
// and how to say it without showing a key, a query or a body.
//
// A service builds a Client from its Conn for each job or call; connections
// are shared between them. Bare downloads and link checks, without any key,
// are a Fetcher's.
package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const (
	maxBody      = 8 << 20  // bytes of an answer
	maxErrorBody = 64 << 10 // bytes of an error's body that are read
	maxRedirects = 5
	maxRetries   = 3
	firstRetry   = 250 * time.Millisecond
	longestRetry = 5 * time.Second // a Retry-After beyond it is left to the caller

	writeTimeout = 60 * time.Second
	readTimeout  = 30 * time.Second
)

// Options say how one service is spoken to.
type Options struct {
	Service string // title for messages, "Luma"
	Conn    providers.Conn
	// Authorize puts the key into a request; nil means
	// "Authorization: Bearer KEY".
	Authorize func(r *http.Request, key string)
	// ReadError finds the service's own words in an error's body; nil reads
	// the shapes that Words knows.
	ReadError func(body []byte) string
	// FieldOf finds which field a validation error names, such as
	// "image_ref[1].weight"; nil reads {"detail":[{"loc":[…]}]}.
	FieldOf func(body []byte) string
	// Judge looks at a refusal and its whole body once more, where a service
	// documents answers that their status doesn't tell; nil changes nothing.
	Judge func(failure *providers.Failure, body []byte)
	// Forbidden is what a 403 means whose words speak neither of credit nor
	// of quota; empty means BadKey.
	Forbidden providers.FailureKind
	// WriteTimeout bounds a request that changes something, for services that
	// take whole pictures; 0 means a minute.
	WriteTimeout time.Duration
}

// Client makes a service's requests. Every error it returns is a
// *providers.Failure with its Outcome set; where the caller's context ended,
// the failure wraps the context's error. It is safe for concurrent use.
type Client struct {
	options Options
	http    *http.Client
	veil    *veil
	skew    atomic.Int64 // nanoseconds the service's clock is ahead of ours
}

// New returns a client for the service at options.Conn.
func New(options Options) *Client {
	if options.Authorize == nil {
		options.Authorize = func(r *http.Request, key string) { r.Header.Set("Authorization", "Bearer "+key) }
	}
	if options.ReadError == nil {
		options.ReadError = Words
	}
	if options.FieldOf == nil {
		options.FieldOf = detailField
	}
	if options.Forbidden == "" {
		options.Forbidden = providers.BadKey
	}
	if options.WriteTimeout == 0 {
		options.WriteTimeout = writeTimeout
	}
	if base, err := url.Parse(options.Conn.BaseURL); err == nil {
		network.Here().KnowPublic(base.Hostname())
	}
	client := http.Client{Transport: shared}
	if options.Conn.HTTP != nil {
		client = *options.Conn.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{options: options, http: &client, veil: newVeil(options.Conn.Key, options.Conn.Secrets)}
}

// String names the service, so that printing a client never shows its key.
func (c *Client) String() string { return "httpapi client of " + c.options.Service }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// Checked is an answer that can tell whether it holds what the service's
// document promises, such as the id of what was created. An error makes the
// answer count as garbled.
type Checked interface{ Check() error }

type doingKey struct{}

// Doing says what a request is for, in words that follow "while": "creating
// an image". Messages of failures repeat them.
func Doing(ctx context.Context, english string) context.Context {
	return context.WithValue(ctx, doingKey{}, providers.Plain(english))
}

// Get reads path into out. Trouble that may pass is asked again up to three
// times with growing, jittered pauses; a Retry-After of more than five
// seconds is left to the caller, in the failure's RetryAfter.
func (c *Client) Get(ctx context.Context, path string, query url.Values, out any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	pause := firstRetry
	for retry := 0; ; retry++ {
		failure := c.try(ctx, http.MethodGet, path, nil, out, readTimeout)
		if failure == nil {
			return nil
		}
		wait := max(failure.RetryAfter, pause/2+rand.N(pause/2))
		if c.limited(failure) {
			wait = 0 // the next try waits for its turn
		}
		if retry == maxRetries || !worthRetrying(failure) || wait > longestRetry {
			return failure
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return c.interrupted(ctx, failure.Outcome)
		}
		pause *= 2
	}
}

func worthRetrying(f *providers.Failure) bool {
	return f.MayPass() && !f.Garbled && (f.Status < 300 || f.Status >= 400)
}

// Post sends body as JSON and reads the answer into out; both may be nil. It
// is never repeated.
func (c *Client) Post(ctx context.Context, path string, body, out any) error {
	return c.write(ctx, http.MethodPost, path, body, out)
}

// Put is Post with another method; it is never repeated either.
func (c *Client) Put(ctx context.Context, path string, body, out any) error {
	return c.write(ctx, http.MethodPut, path, body, out)
}

// Delete is Post with another method; it is never repeated either.
func (c *Client) Delete(ctx context.Context, path string, body, out any) error {
	return c.write(ctx, http.MethodDelete, path, body, out)
}

func (c *Client) write(ctx context.Context, method, path string, body, out any) error {
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return c.notSent(providers.InvalidInput, providers.Say("the request could not be written as JSON"), errors.New("encoding the request"))
		}
	}
	if failure := c.try(ctx, method, path, encoded, out, c.options.WriteTimeout); failure != nil {
		return failure
	}
	return nil
}

// ServiceTime turns a time of this computer's clock into the service's, by
// the Date of its last answer; before any answer it returns local. Good to a
// second or two.
func (c *Client) ServiceTime(local time.Time) time.Time {
	return local.Add(time.Duration(c.skew.Load()))
}

// SentAt is when a request left, by the service's clock.
func (c *Client) SentAt(intent providers.Intent) time.Time {
	if !intent.ServiceSent.IsZero() {
		return intent.ServiceSent
	}
	return c.ServiceTime(intent.Sent)
}

// EarliestSent is SentAt, or when a request left by this computer's clock where
// that is earlier. What is older was made by somebody else, whichever of the
// two clocks is wrong.
func (c *Client) EarliestSent(intent providers.Intent) time.Time {
	sent := c.SentAt(intent)
	if intent.Sent.Before(sent) {
		return intent.Sent
	}
	return sent
}

// try makes one request, following redirects within the service's host.
func (c *Client) try(ctx context.Context, method, path string, body []byte, out any, timeout time.Duration) *providers.Failure {
	if err := CheckBaseURL(c.options.Conn.BaseURL); err != nil {
		return c.notSent(providers.InvalidInput, providers.SentenceOf(err), err)
	}
	target, err := url.Parse(strings.TrimRight(c.options.Conn.BaseURL, "/") + "/" + strings.TrimLeft(path, "/"))
	if err != nil {
		return c.notSent(providers.InvalidInput, providers.Say("the request's address is not valid"), errors.New("parsing the address"))
	}
	for range maxRedirects {
		next, failure := c.exchange(ctx, method, target, body, out, timeout)
		if next == nil {
			return failure
		}
		target = next
	}
	failure := c.fail(ctx, providers.ServiceTrouble, providers.Refused, providers.Say("redirected %d times", maxRedirects))
	failure.Status = http.StatusTemporaryRedirect
	return failure
}

// exchange makes one round trip when it is the request's turn, and reads the
// answer or where it redirects to.
func (c *Client) exchange(ctx context.Context, method string, target *url.URL, body []byte, out any, timeout time.Duration) (next *url.URL, failure *providers.Failure) {
	turn, failure := c.turn(ctx, method, target)
	if failure != nil {
		return nil, failure
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, sent, err := c.send(limited, method, target, body)
	if err == nil {
		defer response.Body.Close()
	}
	c.endTurn(turn, response, sent)
	if recorded := (*recordedError)(nil); errors.As(err, &recorded) {
		return nil, c.notSent(providers.Interrupted, providers.SentenceOf(recorded.cause), recorded.cause)
	}
	if err != nil {
		return nil, c.transportFailure(ctx, err, sent)
	}
	next, failure = c.redirect(ctx, method, target, response)
	if next == nil && failure == nil {
		failure = c.read(ctx, response, out)
	}
	return next, failure
}

// send makes one round trip. sent reports whether a connection was there, so
// that the service may have seen the request.
func (c *Client) send(ctx context.Context, method string, target *url.URL, body []byte) (response *http.Response, sent bool, err error) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport asks for another connection only when nothing was
		// written to the one before.
		GetConn: func(string) { connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := http.NewRequestWithContext(ctx, method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	if body == nil {
		request.Body, request.GetBody, request.ContentLength = nil, nil, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", userAgent)
	c.options.Authorize(request, c.options.Conn.Key)
	if record := c.options.Conn.Record; record != nil {
		taken, err := record(providers.Request{Method: method, URL: target.String(), Header: request.Header, Body: body})
		if err == nil && taken {
			err = providers.ErrRecorded
		}
		if err != nil {
			return nil, false, &recordedError{err}
		}
	}
	// Set last, so that what is recorded can be repeated by hand.
	request.Header.Set("Accept-Encoding", network.AcceptEncoding)
	response, err = c.http.Do(request)
	if err != nil {
		return nil, connected.Load(), err
	}
	c.noteTime(response)
	return response, true, nil
}

// recordedError is why a request was not sent that was to be recorded.
type recordedError struct{ cause error }

func (r *recordedError) Error() string { return r.cause.Error() }

func (c *Client) noteTime(response *http.Response) {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil || response.Header.Get("Age") != "" {
		return
	}
	c.skew.Store(int64(time.Until(date)))
	if c.options.Conn.Clock != nil {
		c.options.Conn.Clock.Note(date)
	}
}

// redirect returns where to send the request next, nil when the answer is not
// a redirect. Only the service's own host is followed: the key goes nowhere
// else.
func (c *Client) redirect(ctx context.Context, method string, from *url.URL, response *http.Response) (*url.URL, *providers.Failure) {
	status := response.StatusCode
	if status < 300 || status > 399 {
		return nil, nil
	}
	refuse := func(outcome providers.Outcome, what providers.Sentence) (*url.URL, *providers.Failure) {
		failure := c.fail(ctx, providers.ServiceTrouble, outcome, what)
		failure.Status = status
		failure.Advice = providers.Say("Check the service's address; it may have moved.")
		failure.Remedy = providers.Remedy{Code: providers.OpenAddress}
		return nil, failure
	}
	keepsMethod := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect
	if method != http.MethodGet && !keepsMethod {
		outcome := providers.Refused
		if status == http.StatusSeeOther {
			outcome = providers.Unclear
		}
		return refuse(outcome, providers.Say("answered with a redirect (%d) that can't be followed", status))
	}
	next, err := from.Parse(response.Header.Get("Location"))
	if err != nil || response.Header.Get("Location") == "" {
		return refuse(providers.Refused, providers.Say("answered with a redirect (%d) that leads nowhere", status))
	}
	if !sameHost(method, from, next) {
		return refuse(providers.Refused, providers.Say("redirected to another host, %s, where the key is not sent", c.Quote(next.Host)))
	}
	return next, nil
}

// sameHost reports whether a redirect stays at the host. What only reads may go
// on from http to https there.
func sameHost(method string, from, next *url.URL) bool {
	if next.Scheme == from.Scheme {
		return hostPort(next) == hostPort(from)
	}
	upgrade := method == http.MethodGet && from.Scheme == "http" && next.Scheme == "https"
	return upgrade && hostOnly(next) == hostOnly(from) && (next.Port() == from.Port() || next.Port() == "" || next.Port() == "443")
}

func hostOnly(u *url.URL) string { return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") }

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return hostOnly(u) + ":" + port
}
