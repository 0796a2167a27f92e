package release_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/release"
)

// site answers every question with a status and a text, and notes what it was asked.
func site(t *testing.T, status int, text string) (env func(string) string, asked *[]*http.Request) {
	t.Helper()
	asked = &[]*http.Request{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r)
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	return func(name string) string {
		if name == release.AddressVariable {
			return server.URL + "/latest"
		}
		return "secret-of-" + name
	}, asked
}

func TestWhatIsNewerIsFound(t *testing.T) {
	for _, row := range []struct {
		tag   string
		newer bool
	}{
		{"v0.0.9", false},
		{"v" + release.Version, false},
		{release.Version, false},
		{"v0.1.0-rc.1", false},
		{"v0.1.1", true},
		{"v0.10.0", true},
		{"1.0.0", true},
		{"v0.1.1-rc.1", true},
	} {
		env, _ := site(t, http.StatusOK, `{"tag_name": "`+row.tag+`", "html_url": "https://elsewhere.example"}`)
		found, err := release.Look(t.Context(), env)
		if err != nil || found.Newer != row.newer || found.Latest != strings.TrimPrefix(row.tag, "v") {
			t.Errorf("%s: %+v, %v", row.tag, found, err)
		}
		if strings.Contains(found.Sentence().String(), "elsewhere") {
			t.Errorf("%s: an address from the answer is said: %s", row.tag, found.Sentence())
		}
	}
}

func TestNothingIsSentButTheRequest(t *testing.T) {
	env, asked := site(t, http.StatusOK, `{"tag_name": "v9.0.0"}`)
	if _, err := release.Look(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	if len(*asked) != 1 {
		t.Fatalf("%d requests", len(*asked))
	}
	for name, values := range (*asked)[0].Header {
		if name != "Accept" && name != "User-Agent" && name != "Connection" {
			t.Errorf("%s is sent: %q", name, values)
		}
	}
	if r := (*asked)[0]; r.URL.RawQuery != "" || r.Method != http.MethodGet || r.UserAgent() != "Maquette" {
		t.Errorf("it asked %s %s as %q", r.Method, r.URL, r.UserAgent())
	}
}

func TestBadAnswersAreSaid(t *testing.T) {
	for _, row := range []struct {
		status     int
		text, says string
	}{
		{http.StatusOK, "<html>", "something else than a release"},
		{http.StatusOK, `{"tag_name": "v1.0.0; rm -rf"}`, "something else than a release"},
		{http.StatusOK, `{"tag_name": "v1.0.0", "body": "` + strings.Repeat("x", 2<<20) + `"}`, "something else than a release"},
		{http.StatusForbidden, "{}", "Try again in an hour"},
		{http.StatusTooManyRequests, "", "Try again in an hour"},
		{http.StatusBadGateway, "", "status 502"},
	} {
		env, _ := site(t, row.status, row.text)
		if _, err := release.Look(t.Context(), env); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%d %.40q: %v", row.status, row.text, err)
		}
	}
	env, _ := site(t, http.StatusNotFound, `{"message": "Not Found"}`)
	if found, err := release.Look(t.Context(), env); err != nil || found.Latest != "" || found.Newer || !strings.Contains(found.Sentence().String(), "No release") {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestTheLookCanBeGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	if _, err := release.Look(ctx, func(string) string { return server.URL }); err == nil {
		t.Error("it found something")
	}
	for _, address := range []string{"latest", "file:///etc/passwd", "https://user:secret@host"} {
		_, err := release.Look(t.Context(), func(string) string { return address })
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestTheVersionIsTheSameEverywhere(t *testing.T) {
	text, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	if named := regexp.MustCompile(`(?m)^Version = "(.*)"$`).FindSubmatch(text); named == nil || string(named[1]) != release.Version {
		t.Errorf("FyneApp.toml has %s, release.Version is %s", named, release.Version)
	}
	if said := release.This().String(); !strings.Contains(said, release.Version) || !strings.Contains(said, "go1.") {
		t.Errorf("it says %q", said)
	}
}
