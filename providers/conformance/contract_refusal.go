// The ways in which a service says no, as files, and what is told of them.

package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// Refusal is one way in which a service says no, documented or observed, and
// what a person is told then: a file in a service's testdata/errors.
type Refusal struct {
	About string `json:"about,omitempty"` // where it is known from
	// To is "read" or "paid" where only one of the two requests is answered so.
	To string `json:"to,omitempty"`

	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Text    string            `json:"text,omitempty"` // instead of Body, for what is no JSON

	Kind       providers.FailureKind `json:"kind"`
	Outcome    providers.Outcome     `json:"outcome,omitempty"` // left out: refused, and unclear by a 5xx
	Says       string                `json:"says"`              // the service's own words
	Field      string                `json:"field,omitempty"`
	Advice     string                `json:"advice,omitempty"`      // a part of it; left out: whatever
	RetryAfter int                   `json:"retry_after,omitempty"` // seconds
}

// refuseAll gives every refusal to the document's two requests.
func refuseAll(t *testing.T, service providers.Service, document Document, examples []Example) {
	t.Helper()
	err := readEach("testdata/errors", func(name string, content []byte) error {
		var refusal Refusal
		if err := strict(content, &refusal); err != nil {
			return err
		}
		for to, file := range map[string]string{"read": document.Read, "paid": document.Paid} {
			if file == "" || refusal.To != "" && refusal.To != to {
				continue
			}
			at := slices.IndexFunc(examples, func(e Example) bool { return e.Name == file })
			if at < 0 {
				t.Fatalf("there is no testdata/contract/%s.json", file)
			}
			t.Run("errors/"+name+"/"+to, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, service, document, examples[at])
				s.refuse(refusal, to == "paid")
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// refuse makes the example's operation and refuses its first or its paid
// request.
func (s *stage) refuse(refusal Refusal, paid bool) {
	s.refusal = &refusal
	if paid {
		s.refuseAt = slices.IndexFunc(s.example.Exchanges, func(e Exchange) bool { return e.Paid })
		if s.refuseAt < 0 {
			s.t.Fatalf("no exchange of %s is paid", s.example.Name)
		}
	}
	_, err := s.perform(bareSteps{s.steps})
	failure := wantFailure(s.t, err)
	outcome := providers.Refused
	if refusal.Status >= 500 || refusal.Status == http.StatusRequestTimeout {
		outcome = providers.Unclear
	}
	outcome = cmp.Or(refusal.Outcome, outcome)
	if failure.Kind != refusal.Kind || failure.Outcome != outcome || failure.Status != refusal.Status {
		s.t.Errorf("kind %q, outcome %q, status %d; want %q, %q, %d", failure.Kind, failure.Outcome, failure.Status, refusal.Kind, outcome, refusal.Status)
	}
	if failure.Service != refusal.Says || failure.Field != refusal.Field {
		s.t.Errorf("the service says %q about %q; want %q about %q", failure.Service, failure.Field, refusal.Says, refusal.Field)
	}
	if !strings.Contains(failure.Advice.String(), refusal.Advice) {
		s.t.Errorf("the advice is %q; want %q in it", failure.Advice, refusal.Advice)
	}
	if after := time.Duration(refusal.RetryAfter) * time.Second; failure.RetryAfter != after {
		s.t.Errorf("retry after %v, want %v", failure.RetryAfter, after)
	}
}

func (r *Refusal) answer(w http.ResponseWriter) {
	for name, value := range r.Headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(r.Status)
	if r.Body != nil {
		_, _ = w.Write(r.Body)
		return
	}
	_, _ = io.WriteString(w, r.Text)
}

// bareSteps make each request once and give its failure as it is.
type bareSteps struct{ *Steps }

// Once makes the request.
func (bareSteps) Once(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return create(ctx)
}

// Ensure makes the request.
func (bareSteps) Ensure(ctx context.Context, _ string, _ providers.Find, create providers.Create) (providers.Receipt, error) {
	return create(ctx)
}

// Step makes the request.
func (bareSteps) Step(ctx context.Context, _ string, do providers.Create) (providers.Receipt, error) {
	return do(ctx)
}
