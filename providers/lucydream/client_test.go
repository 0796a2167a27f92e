package lucydream

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeclaration(t *testing.T) { conformance.Service(t, Service()) }

func TestCreateAtBadServers(t *testing.T) {
	conformance.Client(t, conformance.Probe{
		Call: func(ctx context.Context, conn providers.Conn) error {
			_, err := newClient(conn).create(ctx, documented())
			return err
		},
		Answer: `{"success":true,"tune_id":"12345","message":"Model creation initiated successfully"}`,
	})
}

func TestEachParameterLeadsToItsField(t *testing.T) {
	for words, want := range map[string]string{
		`{"error":"The tune.title parameter must not exceed 15 characters."}`:  "title",
		`{"error":"The tune.name parameter must be \"man\" or \"woman\"."}`:    "name",
		`{"error":"Not enough balance"}`:                                       "",
		`{"code":"rest_invalid_json","message":"tune.title","data":{}}`:        "",
		`<html>tune.title</html>`:                                              "",
		`{"error":{"message":"The tune.title parameter is in another shape"}}`: "",
	} {
		if got := fieldOf([]byte(words)); got != want {
			t.Errorf("%s leads to %q, want %q", words, got, want)
		}
	}
}

func TestTheIDIsReadFromAnyHelpfulAnswer(t *testing.T) {
	for answer, want := range map[string]string{
		`{"success":true,"tune_id":12345}`:                "12345",
		`{"success":true,"tune_id":12345678901234567890}`: "12345678901234567890",
		`{"success":true,"tune_id":" 12345\n"}`:           "12345",
		`{"tune_id":"12345"}`:                             "12345",
		`{"success":null,"tune_id":"12345"}`:              "12345",
		`{"success":"true","tune_id":"12345"}`:            "12345",
		`{"success":1,"tune_id":"12345","more":{"a":[]}}`: "12345",
		`{"success":{},"tune_id":"12345","message":null}`: "12345",
	} {
		conn, _ := conformance.Answering(t, http.StatusOK, answer)
		made, err := newClient(conn).create(t.Context(), documented())
		if err != nil || string(made.ID) != want {
			t.Errorf("%s was read as %q, %v", answer, made.ID, err)
		}
	}
}

func TestAnAnswerThatSettlesNothingIsUnclear(t *testing.T) {
	for _, answer := range []string{
		`{"success":false,"tune_id":"12345","message":"busy"}`,
		`{"success":false,"message":"busy"}`,
		`{"success":"false","tune_id":"12345"}`,
		`{"success":0,"tune_id":"12345"}`,
		`{"success":true,"message":"Model creation initiated successfully"}`,
		`{"success":true,"tune_id":null}`,
		`{"success":true,"tune_id":""}`,
		`{"success":true,"tune_id":true}`,
		`{"success":true,"tune_id":{"id":"12345"}}`,
		`{"error":"Invalid API key"}`,
		`{}`,
	} {
		conn, _ := conformance.Answering(t, http.StatusOK, answer)
		_, err := newClient(conn).create(t.Context(), documented())
		failure, ok := errors.AsType[*providers.Failure](err)
		if !ok || failure.Outcome != providers.Unclear || failure.Service != answer {
			t.Errorf("%s gave %+v", answer, failure)
		}
	}
}

func documented() creation {
	links := make([]string, photoCount)
	for i := range links {
		links[i] = "https://example.com/images/" + string(rune('1'+i)) + ".jpg"
	}
	return creation{parameters{Title: "Test-Model", Name: "woman", ImageURLs: links}}
}

// Whoever stands on the way, such as a proxy, may use the same words: only the
// documented form is an answer, all else is silence.
func TestOnlyTheDocumentedFormOfA500IsAnAnswer(t *testing.T) {
	for _, row := range []struct {
		answer string
		kind   providers.FailureKind // of an answer, none of silence
	}{
		{`{"error": "Failed to fetch image 1"}`, providers.InvalidInput},
		{` {"error":"failed to fetch images","more":1}` + "\n", providers.InvalidInput},
		{`{"error":"Invalid API key"}`, providers.BadKey},
		{`{"error":"The tune.name parameter must be \"man\" or \"woman\"."}`, providers.InvalidInput},
		{`Failed to fetch image 1`, ""},
		{`"Failed to fetch image 1"`, ""},
		{`<html><head><title>Failed to fetch image 1</title></head></html>`, ""},
		{`{"message":"Failed to fetch image 1"}`, ""},
		{`{"detail":"Invalid API key"}`, ""},
		{`{"code":"internal_server_error","message":"Missing API key","data":{"status":500}}`, ""},
		{`{"error":{"message":"Failed to fetch image 1"}}`, ""},
		{`{"error":["The tune.title parameter must not exceed 15 characters."]}`, ""},
		{`[{"error":"Invalid API key"}]`, ""},
		{`{"error":"Failed to fetch image 1"`, ""},
		{`{"error":"Could not be reached"}`, ""},
	} {
		conn, _ := conformance.Answering(t, http.StatusInternalServerError, row.answer)
		_, err := newClient(conn).create(t.Context(), documented())
		failure, ok := errors.AsType[*providers.Failure](err)
		if !ok {
			t.Fatalf("%s gave %v", row.answer, err)
		}
		outcome, kind := providers.Refused, row.kind
		if kind == "" {
			outcome, kind = providers.Unclear, providers.ServiceTrouble
		}
		if failure.Outcome != outcome || failure.Kind != kind {
			t.Errorf("%s gave %s, %s; want %s, %s", row.answer, failure.Kind, failure.Outcome, kind, outcome)
		}
	}
}
