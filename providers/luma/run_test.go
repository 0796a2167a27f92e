package luma

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
)

func TestWhatIsFinishedIsKeptBeforeASlowedBatchGoesOn(t *testing.T) {
	var seen []string
	started, slowed := 0, false
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		switch {
		case strings.HasSuffix(name, ".png"):
			seen = append(seen, "picture "+name)
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(conformance.Picture(8, 8))
		case r.Method == http.MethodPost && started == 2 && !slowed:
			slowed = true
			w.WriteHeader(http.StatusTooManyRequests)
		case r.Method == http.MethodPost:
			started++
			seen = append(seen, "start "+fmt.Sprint(started))
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprintf(w, `{"id":"%d","state":"queued"}`, started)
		default:
			_, _ = fmt.Fprintf(w, `{"id":%q,"state":"completed","assets":{"image":%q}}`, name, server.URL+"/"+name+".png")
		}
	}))
	defer server.Close()
	conn := providers.Conn{BaseURL: server.URL, Key: "key", HTTP: server.Client()}
	run := providers.Run{Job: "job", Conn: conn, Steps: conformance.NewSteps(t)}
	if err := conformance.Perform(t.Context(), t, Service(), "luma/image", map[string]any{"prompt": "a paper fox", "count": 4}, run); err != nil {
		t.Fatal(err)
	}
	want := []string{"start 1", "start 2", "start 3", "picture 1.png", "picture 2.png", "picture 3.png", "start 4", "picture 4.png"}
	if !slices.Equal(seen, want) {
		t.Errorf("came in the order %v, want %v", seen, want)
	}
}
