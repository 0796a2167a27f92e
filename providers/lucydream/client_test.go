package lucydream

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
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
		Answer: fixture(t, "created.json"),
	})
}

func TestTheRequestIsTheDocumentedOne(t *testing.T) {
	conn := answering(t, http.StatusOK, fixture(t, "created.json"), func(r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/apiservices/v1/generate" {
			t.Errorf("asked for %s %s", r.Method, r.URL.Path)
		}
		if r.Header.Get("X-API-Key") != "a-key" || r.Header.Get("Authorization") != "" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("the headers are %v", r.Header)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var sent, want any
		if json.Unmarshal(body, &sent) != nil || json.Unmarshal([]byte(fixture(t, "request.json")), &want) != nil || !reflect.DeepEqual(sent, want) {
			t.Errorf("sent %s", body)
		}
	})
	made, err := newClient(conn).create(t.Context(), documented())
	if err != nil || made.ID != "12345" {
		t.Errorf("made %q, %v", made.ID, err)
	}
}

func TestRefusalsAreToldInTheServicesWords(t *testing.T) {
	for _, row := range []struct {
		status  int
		file    string
		kind    providers.FailureKind
		outcome providers.Outcome
		field   string
		words   string
	}{
		{400, "error_400.json", providers.InvalidInput, providers.Refused, "photos", "The tune.image_urls parameter must contain exactly 5 URLs."},
		{403, "error_403.json", providers.BadKey, providers.Refused, "", "Invalid API key"},
		{500, "error_500.json", providers.ServiceTrouble, providers.Unclear, "", "Failed to fetch image 1"},
		{404, "error_route.json", providers.NotFound, providers.Refused, "", "No route was found matching the URL and request method."},
	} {
		t.Run(row.file, func(t *testing.T) {
			_, err := newClient(answering(t, row.status, fixture(t, row.file), nil)).create(t.Context(), documented())
			failure, ok := errors.AsType[*providers.Failure](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if failure.Kind != row.kind || failure.Outcome != row.outcome || failure.Field != row.field || failure.Service != row.words {
				t.Errorf("got kind %q, outcome %q, field %q, words %q", failure.Kind, failure.Outcome, failure.Field, failure.Service)
			}
		})
	}
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
		made, err := newClient(answering(t, http.StatusOK, answer, nil)).create(t.Context(), documented())
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
		_, err := newClient(answering(t, http.StatusOK, answer, nil)).create(t.Context(), documented())
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

// answering is a service that answers everything alike.
func answering(t *testing.T, status int, body string, look func(*http.Request)) providers.Conn {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if look != nil {
			look(r)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return providers.Conn{BaseURL: server.URL, Key: "a-key", HTTP: &http.Client{Transport: transport}}
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
