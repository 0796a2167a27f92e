package app_test

import (
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
)

func TestARemotePictureIsFetchedSmall(t *testing.T) {
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken.png" {
			_, _ = w.Write([]byte("no picture"))
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, image.NewRGBA(image.Rect(0, 0, 400, 200)))
	}))
	t.Cleanup(host.Close)
	open := func(address string) *app.Studio {
		studio, err := app.Open(app.Config{Dir: t.TempDir(), Env: func(name string) string {
			if name == "MAQUETTE_BRIA_URL" {
				return address
			}
			return ""
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = studio.Close() })
		return studio
	}

	local := open(host.URL)
	img, err := local.Remote.Thumbnail(t.Context(), "bria", host.URL+"/a.png?signature=secret", 100)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(100, 50) {
		t.Errorf("the picture has %v", got)
	}
	if _, err := local.Remote.Thumbnail(t.Context(), "bria", host.URL+"/broken.png?signature=secret", 100); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("what is no picture ends with %v", err)
	}
	_, err = open("").Remote.Thumbnail(t.Context(), "bria", host.URL+"/a.png?signature=secret", 100)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a link to this computer from a service elsewhere ends with %v", err)
	}
}

func TestRemotePicturesShareTheirConnections(t *testing.T) {
	var mu sync.Mutex
	opened, open := 0, map[net.Conn]bool{}
	host := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = png.Encode(w, image.NewRGBA(image.Rect(0, 0, 40, 20)))
	}))
	host.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		switch state {
		case http.StateNew:
			opened++
			open[conn] = true
		case http.StateClosed:
			delete(open, conn)
		}
	}
	host.Start()
	t.Cleanup(host.Close)
	studio, err := app.Open(app.Config{Dir: t.TempDir(), Env: func(name string) string {
		if name == "MAQUETTE_BRIA_URL" {
			return host.URL
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := studio.Remote.Thumbnail(t.Context(), "bria", host.URL+"/a.png", 40); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	if opened != 1 {
		t.Errorf("5 pictures took %d connections", opened)
	}
	mu.Unlock()
	if err := studio.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		mu.Lock()
		left := len(open)
		mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d connections outlive the studio", left)
		}
		time.Sleep(time.Millisecond)
	}
}
