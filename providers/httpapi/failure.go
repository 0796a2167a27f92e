// What went wrong, as a failure that a person can act on: its kind, whether
// the request may have been accepted, and the service's own words.

package httpapi

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const longestRetryAfter = 10 * time.Minute

var advice = map[providers.FailureKind]providers.Sentence{
	providers.BadKey:         providers.Say("Check the key."),
	providers.NoCredit:       providers.Say("Add credit on the service's own site, then try again."),
	providers.RateLimited:    providers.Say("Wait a little, then try again."),
	providers.InvalidInput:   providers.Say("Change what the service names, then try again."),
	providers.RefusedContent: providers.Say("Change the prompt or the pictures, then try again."),
	providers.NotFound:       providers.Say("It may have been deleted at the service."),
	providers.ServiceTrouble: providers.Say("Try again later; if it stays, look at the service's status page."),
	providers.NoNetwork:      providers.Say("Check the connection to the internet, then try again."),
}

// remedies say where the advice leads.
var remedies = map[providers.FailureKind]providers.Remedy{
	providers.BadKey: {Code: providers.OpenKeys},
}

var planAdvice = providers.Say("Look at your plan on the service's own site: another one may include it.")

// fail makes a failure whose message is "Luma <what> while <doing>".
func (c *Client) fail(ctx context.Context, kind providers.FailureKind, outcome providers.Outcome, what providers.Sentence) *providers.Failure {
	return &providers.Failure{
		Kind:    kind,
		Message: while(ctx, providers.Say("%s %s", c.options.Service, what)),
		Advice:  advice[kind],
		Remedy:  remedies[kind],
		Outcome: outcome,
	}
}

// while adds to what happened what was being done.
func while(ctx context.Context, happened providers.Sentence) providers.Sentence {
	if doing, ok := ctx.Value(doingKey{}).(providers.Sentence); ok {
		return providers.Say("%s while %s", happened, doing)
	}
	return happened
}

func (c *Client) notSent(kind providers.FailureKind, why providers.Sentence, cause error) *providers.Failure {
	return &providers.Failure{
		Kind:    kind,
		Message: providers.Say("Nothing was sent to %s: %s", c.options.Service, why),
		Advice:  providers.Say("Check the service's address."),
		Remedy:  providers.Remedy{Code: providers.OpenAddress},
		Outcome: providers.NotSent,
		Cause:   cause,
	}
}

func (c *Client) interrupted(ctx context.Context, outcome providers.Outcome) *providers.Failure {
	message := while(ctx, providers.Say("Stopped waiting for %s", c.options.Service))
	return &providers.Failure{Kind: providers.Interrupted, Message: message, Outcome: outcome, Cause: ctx.Err()}
}

// garbled is a success whose body can't be used: the service may well have
// done what was asked.
func (c *Client) garbled(ctx context.Context, status int, why providers.Sentence, body []byte) *providers.Failure {
	failure := c.fail(ctx, providers.ServiceTrouble, providers.Unclear, providers.Say("gave an answer that can't be read (%s)", why))
	failure.Status = status
	failure.Garbled = true
	failure.Service = c.Quote(plainText(body))
	return failure
}

// transportFailure is a request without an answer. sent reports whether the
// service may have seen it.
func (c *Client) transportFailure(ctx context.Context, err error, sent bool) *providers.Failure {
	outcome := providers.NotSent
	if sent {
		outcome = providers.Unclear
	}
	if ctx.Err() != nil {
		return c.interrupted(ctx, outcome)
	}
	err = withoutURL(err)
	var failure *providers.Failure
	var slow *network.SlowError
	what, remedy, atProxy := proxyTrouble(err)
	switch {
	case atProxy:
		failure = c.fail(ctx, providers.NoNetwork, outcome, providers.Sentence{})
		failure.Message, failure.Advice = c.unreachable(ctx, what), remedy
	case errors.As(err, &slow) && slow.Speed > 0:
		failure = c.fail(ctx, providers.ServiceTrouble, outcome, providers.Say("sent or took only %d bytes a second", slow.Speed))
	case errors.As(err, &slow):
		failure = c.fail(ctx, providers.ServiceTrouble, outcome, providers.Say("stopped in the middle"))
	case !sent:
		failure = c.fail(ctx, providers.NoNetwork, outcome, providers.Sentence{})
		failure.Message = c.unreachable(ctx, ConnectTrouble(err))
	case isTimeout(err):
		failure = c.fail(ctx, providers.ServiceTrouble, outcome, providers.Say("did not answer in time"))
	default:
		failure = c.fail(ctx, providers.ServiceTrouble, outcome, providers.Say("broke off the connection"))
	}
	failure.Cause = err
	return failure
}

func (c *Client) unreachable(ctx context.Context, why providers.Sentence) providers.Sentence {
	if doing, ok := ctx.Value(doingKey{}).(providers.Sentence); ok {
		return providers.Say("%s can't be reached: %s, while %s", c.options.Service, why, doing)
	}
	return providers.Say("%s can't be reached: %s", c.options.Service, why)
}

// withoutURL takes the URL, whose query may hold a signature, off an error.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// ConnectTrouble is why nothing could be connected to, in words.
func ConnectTrouble(err error) providers.Sentence {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return providers.Say("the name %s was not found", dns.Name)
	case strings.Contains(err.Error(), "x509:"):
		return providers.Say("its certificate is not trusted")
	case strings.Contains(err.Error(), "tls:"):
		return providers.Say("no secure connection could be made")
	case isTimeout(err):
		return providers.Say("no connection in time")
	}
	return providers.Say("no connection")
}

// statusFailure reads an answer that is not a success.
func (c *Client) statusFailure(ctx context.Context, response *http.Response, body []byte) *providers.Failure {
	status := response.StatusCode
	words := c.Quote(c.options.ReadError(body))
	kind := c.kindOf(status, words)
	outcome := providers.Refused
	if status >= 500 || gaveUp(status) {
		outcome = providers.Unclear
	}
	failure := c.fail(ctx, kind, outcome, verdict(kind, status))
	if kind == providers.NoCredit && planned(words) {
		failure = c.fail(ctx, kind, outcome, providers.Say("says your plan doesn't include it (%d)", status))
		failure.Advice = planAdvice
	}
	failure.Status = status
	failure.Service = words
	if kind == providers.InvalidInput {
		failure.Field = printable(c.Quote(c.options.FieldOf(body)), 100)
	}
	if kind == providers.RateLimited || kind == providers.ServiceTrouble {
		failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), c.ServiceTime(time.Now()))
	}
	if c.options.Judge != nil {
		c.options.Judge(failure, body)
	}
	return failure
}

func (c *Client) kindOf(status int, words string) providers.FailureKind {
	switch status {
	case http.StatusUnauthorized:
		return providers.BadKey
	case http.StatusPaymentRequired:
		return providers.NoCredit
	case http.StatusForbidden:
		if creditWords.MatchString(words) {
			return providers.NoCredit
		}
		return c.options.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return providers.NotFound
	case http.StatusTooManyRequests:
		return providers.RateLimited
	}
	switch {
	case gaveUp(status), status >= 500 || status < 400:
		return providers.ServiceTrouble
	case Moderated(words):
		return providers.RefusedContent
	case outOfCredit.MatchString(words):
		return providers.NoCredit
	}
	return providers.InvalidInput
}

// gaveUp reports whether a status below 500 says only that somebody on the way
// stopped waiting, while the request may have gone on: besides 408, nginx's 444
// and 499 (nginx.org, ngx_http_request.h) and 460 of AWS's load balancers.
func gaveUp(status int) bool {
	return slices.Contains([]int{http.StatusRequestTimeout, 444, 460, 499}, status)
}

var (
	creditWords = regexp.MustCompile(`(?i)credit|quota|balance|billing|payment|fund|not enough|subscription|upgrade|\bplans?\b`)
	moneyWords  = regexp.MustCompile(`(?i)credit|quota|balance|billing|payment|fund|not enough`)
	outOfCredit = regexp.MustCompile(`(?i)(insufficient|not enough|out of|no more|exceeded)\W+(\w+\W+){0,3}(credit|balance|fund|quota)`)
	moderation  = regexp.MustCompile(`(?i)moderat|nsfw|content polic|safety|inappropriate|prohibited content|blacklist|sensitive content|public figure`)
)

// planned reports whether words about credit are about the account's plan
// alone.
func planned(words string) bool {
	return creditWords.MatchString(words) && !moneyWords.MatchString(words)
}

// Moderated reports whether a service's words say that it refused the content
// of a prompt or picture.
func Moderated(words string) bool { return moderation.MatchString(words) }

func verdict(kind providers.FailureKind, status int) providers.Sentence {
	switch kind {
	case providers.BadKey:
		return providers.Say("refused the key (%d)", status)
	case providers.NoCredit:
		return providers.Say("says there is not enough credit (%d)", status)
	case providers.NotFound:
		return providers.Say("found nothing under that id (%d)", status)
	case providers.RateLimited:
		return providers.Say("asks for fewer requests (%d)", status)
	case providers.RefusedContent:
		return providers.Say("refused the content (%d)", status)
	case providers.ServiceTrouble:
		return providers.Say("is in trouble (%d)", status)
	}
	return providers.Say("refused the request (%d)", status)
}

// retryAfter reads seconds or an HTTP date, capped at ten minutes; 0 when the
// service didn't say.
func retryAfter(header string, now time.Time) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(header), 64); err == nil {
		seconds = max(0, min(seconds, longestRetryAfter.Seconds()))
		if seconds != seconds {
			return 0
		}
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(at.Sub(now), longestRetryAfter))
	}
	return 0
}

var urlQuery = regexp.MustCompile(`(https?://[^\s"'<>?#]+)[?#][^\s"'<>]*`)

// Garbled is the failure of an answer that could be read but lacks what the
// service's document promises, such as a finished image without a link.
func (c *Client) Garbled(ctx context.Context, english string, args ...any) *providers.Failure {
	return c.garbled(ctx, http.StatusOK, providers.Say(english, args...), nil)
}
