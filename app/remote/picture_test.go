package remote_test

import (
	"image"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers/bria"
)

func TestAPictureIsFetchedSmall(t *testing.T) {
	t.Parallel()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken.png" {
			_, _ = w.Write([]byte("no picture"))
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_ = png.Encode(w, image.NewRGBA(image.Rect(0, 0, 400, 200)))
	}))
	t.Cleanup(host.Close)
	service := bria.Service()
	open := func(local bool) *remote.Remote {
		r, _ := openRoom(t, filepath.Join(t.TempDir(), "maquette.db"), remote.Config{Service: &service, Local: func() bool { return local }})
		return r
	}
	local := open(true)
	img, err := local.Picture(t.Context(), host.URL+"/a.png?signature=secret", 100)
	noError(t, err)
	if got := img.Bounds().Size(); got != image.Pt(100, 50) {
		t.Errorf("the picture has %v", got)
	}
	if _, err := local.Picture(t.Context(), host.URL+"/broken.png?signature=secret", 100); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("what is no picture ends with %v", err)
	}
	if _, err := open(false).Picture(t.Context(), host.URL+"/a.png?signature=secret", 100); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a link to this computer from a service elsewhere ends with %v", err)
	}
}

func TestPicturesShareTheirConnections(t *testing.T) {
	t.Parallel()
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
	service := bria.Service()
	r, closing := openRoom(t, filepath.Join(t.TempDir(), "maquette.db"), remote.Config{Service: &service, Local: func() bool { return true }})
	for range 5 {
		_, err := r.Picture(t.Context(), host.URL+"/a.png", 40)
		noError(t, err)
	}
	mu.Lock()
	if opened != 1 {
		t.Errorf("5 pictures took %d connections", opened)
	}
	mu.Unlock()
	closing()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		mu.Lock()
		left := len(open)
		mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d connections outlive the room", left)
		}
	}
}
