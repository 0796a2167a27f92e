package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

type item struct {
	ID string `json:"id"`
}

func (i *item) Check() error {
	if i.ID == "" {
		return errors.New("the answer has no id")
	}
	return nil
}

func TestBadServers(t *testing.T) {
	client := func(conn providers.Conn) *httpapi.Client {
		return httpapi.New(httpapi.Options{Service: "Acme", Conn: conn})
	}
	for method, probe := range map[string]conformance.Probe{
		"Get": {Repeatable: true, Call: func(ctx context.Context, conn providers.Conn) error {
			return client(conn).Get(ctx, "items/1", url.Values{"q": {"Bearer"}}, &item{})
		}},
		"Post": {Call: func(ctx context.Context, conn providers.Conn) error {
			return client(conn).Post(ctx, "items", map[string]string{"name": "a"}, &item{})
		}},
		"Put": {Call: func(ctx context.Context, conn providers.Conn) error {
			return client(conn).Put(ctx, "items/1", map[string]string{"name": "b"}, &item{})
		}},
		"Delete": {Call: func(ctx context.Context, conn providers.Conn) error {
			return client(conn).Delete(ctx, "items/1", nil, &item{})
		}},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			probe.Answer = `{"id":"1","unknown":{"ignored":true},"null":null}`
			conformance.Client(t, probe)
		})
	}
}

// answers plays a service: each request gets the next answer, the last one
// for ever.
type answers struct {
	answers  []func(*http.Request) *http.Response
	requests []*http.Request
	times    []time.Time
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	next := a.answers[min(len(a.requests), len(a.answers)-1)]
	a.requests = append(a.requests, r)
	a.times = append(a.times, time.Now())
	response := next(r)
	response.Request = r
	return response, nil
}

func (a *answers) client(key string) *httpapi.Client {
	conn := providers.Conn{BaseURL: "https://api.acme.example/v1", Key: key, HTTP: &http.Client{Transport: a}}
	return httpapi.New(httpapi.Options{Service: "Acme", Conn: conn})
}

func answer(status int, body string, headers ...string) func(*http.Request) *http.Response {
	return func(*http.Request) *http.Response {
		header := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
	}
}

func TestAReadIsAskedAgainAfterTheTimeTheServiceNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &answers{answers: []func(*http.Request) *http.Response{
			answer(429, ``, "Retry-After", "4"), answer(503, ``), answer(200, `{"id":"1"}`),
		}}
		var got item
		if err := service.client("k").Get(t.Context(), "items", nil, &got); err != nil || got.ID != "1" {
			t.Fatalf("got %+v, %v", got, err)
		}
		if waited := service.times[1].Sub(service.times[0]); waited < 4*time.Second {
			t.Errorf("asked again after %v, the service wanted 4s", waited)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Now().Add(time.Hour) // the service's clock
		for _, row := range []struct {
			header string
			want   time.Duration
		}{
			{"", 0},
			{"soon", 0},
			{"-5", 0},
			{"NaN", 0},
			{"7", 7 * time.Second},
			{"1.5", 1500 * time.Millisecond},
			{"86400", 10 * time.Minute},
			{"1e300", 10 * time.Minute},
			{ahead.Add(30 * time.Second).UTC().Format(http.TimeFormat), 30 * time.Second},
			{ahead.Add(-time.Hour).UTC().Format(http.TimeFormat), 0},
			{ahead.Add(24 * time.Hour).UTC().Format(http.TimeFormat), 10 * time.Minute},
		} {
			service := &answers{answers: []func(*http.Request) *http.Response{
				answer(429, ``, "Retry-After", row.header, "Date", ahead.UTC().Format(http.TimeFormat)),
			}}
			failure := conformance.WantFailure(t, service.client("k").Post(t.Context(), "items", nil, &item{}))
			if failure.RetryAfter != row.want {
				t.Errorf("Retry-After %q was read as %v, want %v", row.header, failure.RetryAfter, row.want)
			}
		}
	})
}

func TestServiceTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		service := &answers{answers: []func(*http.Request) *http.Response{
			answer(200, `{"id":"1"}`, "Date", now.Add(-3*time.Hour).UTC().Format(http.TimeFormat)),
			answer(200, `{"id":"1"}`, "Date", "yesterday"),
			answer(200, `{"id":"1"}`, "Date", now.Add(time.Hour).UTC().Format(http.TimeFormat), "Age", "60"),
		}}
		client := service.client("k")
		if got := client.ServiceTime(now); !got.Equal(now) {
			t.Errorf("before any answer the time became %v", got)
		}
		for range service.answers {
			if err := client.Get(t.Context(), "items", nil, &item{}); err != nil {
				t.Fatal(err)
			}
			if got := client.ServiceTime(now).Sub(now).Round(time.Second); got != -3*time.Hour {
				t.Errorf("shifted by %v, want -3h", got)
			}
		}
	})
}

func TestAMatterOfThePlanIsNotToldAsOneOfCredit(t *testing.T) {
	for words, want := range map[string]string{
		"Your plan does not include this operation": "your plan doesn't include it",
		"Please upgrade to use this feature":        "your plan doesn't include it",
		"Your plan's quota is used up":              "not enough credit",
	} {
		service := &answers{answers: []func(*http.Request) *http.Response{answer(403, `{"error":"`+words+`"}`)}}
		failure := conformance.WantFailure(t, service.client("k").Post(t.Context(), "items", nil, &item{}))
		if !strings.Contains(failure.Message.String(), want) || strings.Contains(failure.Advice.String(), "Add credit") != strings.Contains(want, "credit") {
			t.Errorf("%s: %q, advised %q", words, failure.Message, failure.Advice)
		}
	}
}

func TestWhatAStatusMeans(t *testing.T) {
	for _, row := range []struct {
		status  int
		body    string
		kind    providers.FailureKind
		outcome providers.Outcome
		field   string
	}{
		{403, `{"detail":"Forbidden"}`, providers.BadKey, providers.Refused, ""},
		{403, `{"message":"Your plan's quota is used up"}`, providers.NoCredit, providers.Refused, ""},
		{403, `{"error":"Your plan does not include this operation"}`, providers.NoCredit, providers.Refused, ""},
		{403, `{"error":"Forbidden; an explanation was sent to the planner"}`, providers.BadKey, providers.Refused, ""},
		{400, `{"detail":"Insufficient credits"}`, providers.NoCredit, providers.Refused, ""},
		{400, `{"detail":"credit card style images need a prompt"}`, providers.InvalidInput, providers.Refused, ""},
		{412, `{}`, providers.InvalidInput, providers.Refused, ""},
		{415, ``, providers.InvalidInput, providers.Refused, ""},
		{410, ``, providers.NotFound, providers.Refused, ""},
		{422, `{"detail":[{"loc":["body","image_ref",1,"weight"],"msg":"too large"}]}`, providers.InvalidInput, providers.Refused, "image_ref[1].weight"},
		{422, `{"error":{"code":422,"message":"NSFW content"}}`, providers.RefusedContent, providers.Refused, ""},
		{301, ``, providers.ServiceTrouble, providers.Refused, ""},
		{302, ``, providers.ServiceTrouble, providers.Refused, ""},
		{303, ``, providers.ServiceTrouble, providers.Unclear, ""},
		{307, ``, providers.ServiceTrouble, providers.Refused, ""},
		{304, ``, providers.ServiceTrouble, providers.Refused, ""},
		{599, ``, providers.ServiceTrouble, providers.Unclear, ""},
	} {
		t.Run(fmt.Sprint(row.status, row.body), func(t *testing.T) {
			service := &answers{answers: []func(*http.Request) *http.Response{answer(row.status, row.body)}}
			failure := conformance.WantFailure(t, service.client("k").Post(t.Context(), "items", nil, &item{}))
			if failure.Kind != row.kind || failure.Outcome != row.outcome || failure.Field != row.field || failure.Status != row.status {
				t.Errorf("got %+v, want %+v", *failure, row)
			}
			if len(service.requests) != 1 {
				t.Errorf("%d requests were made", len(service.requests))
			}
		})
	}
}

func TestTheServicesWords(t *testing.T) {
	for _, row := range []struct{ body, want string }{
		{`{"detail":"No"}`, "No"},
		{`{"detail":[{"loc":["body","prompt"],"msg":"too short"},{"loc":["body","refs",0],"msg":"gone"}]}`, "prompt: too short; refs[0]: gone"},
		{`{"message":"No"}`, "No"},
		{`{"error":"No"}`, "No"},
		{`{"error":{"code":"quota","message":"No","details":"none left"}}`, "No (none left)"},
		{`{"error":{"code":404}}`, "404"},
		{`{"code":"rest_no_route","message":"No route","data":{"status":404}}`, "No route"},
		{`"a bare text"`, "a bare text"},
		{`{"other":1}`, `{"other":1}`},
		{`<!DOCTYPE html><html><head><title>502 Bad &amp; Gateway</title></head><body>nginx</body></html>`, "502 Bad & Gateway"},
		{`<html><body><script>alert("x")</script><h1>Down</h1> for now</body></html>`, "Down for now"},
		{"binary\x00\x01\xff text\n\nand\tmore", "binary text and more"},
		{``, ""},
		{`null`, "null"},
		{strings.Repeat("ä", 400), strings.Repeat("ä", 300) + "…"},
	} {
		if got := httpapi.Words([]byte(row.body)); got != row.want {
			t.Errorf("%q was read as %q, want %q", row.body, got, row.want)
		}
	}
}

func TestNoSecretIsRepeated(t *testing.T) {
	const key = "lk-123"
	body := `{"detail":"key lk-123 can't fetch https://bucket.example/a.jpg?X-Amz-Signature=abc&x=1 now"}`
	service := &answers{answers: []func(*http.Request) *http.Response{answer(422, body)}}
	client := service.client(key)
	failure := conformance.WantFailure(t, client.Post(t.Context(), "items", nil, &item{}))
	if want := "key [key] can't fetch https://bucket.example/a.jpg now"; failure.Service != want {
		t.Errorf("got %q, want %q", failure.Service, want)
	}
	for _, shown := range []string{fmt.Sprint(client), fmt.Sprintf("%+v", client), fmt.Sprintf("%#v", client)} {
		if strings.Contains(shown, key) {
			t.Errorf("printing the client shows its key: %s", shown)
		}
	}
}

func TestRedirectsThatWouldLoseTheKey(t *testing.T) {
	for _, location := range []string{
		"https://evil.example/v1/items", "http://api.acme.example/v1/items", "https://api.acme.example:8443/v1/items", "//evil.example/", "",
	} {
		service := &answers{answers: []func(*http.Request) *http.Response{answer(307, ``, "Location", location)}}
		failure := conformance.WantFailure(t, service.client("k").Post(t.Context(), "items", nil, &item{}))
		if failure.Outcome != providers.Refused || len(service.requests) != 1 {
			t.Errorf("%q: outcome %q after %d requests", location, failure.Outcome, len(service.requests))
		}
	}
}

func TestRedirectsWithoutEnd(t *testing.T) {
	service := &answers{answers: []func(*http.Request) *http.Response{answer(307, ``, "Location", "/v1/items")}}
	failure := conformance.WantFailure(t, service.client("k").Post(t.Context(), "items", nil, &item{}))
	if failure.Outcome != providers.Refused || len(service.requests) > 6 {
		t.Errorf("outcome %q after %d requests", failure.Outcome, len(service.requests))
	}
}

func TestMessagesSayWhatWasBeingDone(t *testing.T) {
	service := &answers{answers: []func(*http.Request) *http.Response{answer(401, `{"detail":"Invalid"}`)}}
	ctx := httpapi.Doing(t.Context(), "starting an image")
	failure := conformance.WantFailure(t, service.client("k").Post(ctx, "items", nil, &item{}))
	if want := "Acme refused the key (401) while starting an image (the service says: Invalid)"; failure.Error() != want {
		t.Errorf("got %q, want %q", failure.Error(), want)
	}
	if failure.Remedy.Code != providers.OpenKeys {
		t.Errorf("the advice leads to %+v", failure.Remedy)
	}
}

func TestBaseURLs(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://api.acme.example":       true,
		"https://api.acme.example/v1":    true,
		"http://localhost:8080/v1":       true,
		"http://127.0.0.1:8080":          true,
		"http://[::1]:8080":              true,
		"http://api.acme.example":        false,
		"http://192.168.0.1":             false,
		"http://localhost.evil.example":  false,
		"https://user:pass@acme.example": false,
		"https://acme.example?x=1":       false,
		"https://acme.example?":          false,
		"https://acme.example#x":         false,
		"https://acme.example/#":         false,
		"ftp://acme.example":             false,
		"acme.example":                   false,
		"https://":                       false,
		"https://:443":                   false,
		"":                               false,
		"https://acme.example/%zz":       false,
	} {
		if err := httpapi.CheckBaseURL(address); (err == nil) != ok {
			t.Errorf("CheckBaseURL(%q) = %v", address, err)
		}
	}
	client := httpapi.New(httpapi.Options{Service: "Acme", Conn: providers.Conn{BaseURL: "https://user:secret@acme.example"}})
	failure := conformance.WantFailure(t, client.Post(t.Context(), "items", nil, nil))
	if failure.Outcome != providers.NotSent || strings.Contains(failure.Error(), "secret") {
		t.Errorf("got %+v", *failure)
	}
}
