package views

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/realparts"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// Quit, and its shortcut, don't go by the window's button.
func TestQuitAsksOverAnUnwrittenID(t *testing.T) {
	dir := realparts.SmallDisk(t, "4m")
	var free func()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		free = realparts.Fill(t, dir)
		w.WriteHeader(http.StatusCreated)
		// A title that takes more room than the database has by itself.
		_, _ = fmt.Fprintf(w, `{"id":"generation-17","state":"queued","request":{"prompt":%q}}`, strings.Repeat("x", 200<<10))
	}))
	defer service.Close()
	env := map[string]string{"MAQUETTE_LUMA_URL": service.URL, "LUMAAI_API_KEY": "luma-0123456789abcdef"}
	ui, w := openStudio(t, app.Config{Dir: dir, Env: func(name string) string { return env[name] }})
	_, problems, err := w.studio.Jobs.Start(t.Context(), jobs.Order{Task: "luma/image", Values: providers.Values{
		"prompt": "a paper fox", "model": "photon-1", "aspect_ratio": "1:1", "count": int64(1),
	}})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	ui.Until("the id is held", func() bool { return len(w.studio.Jobs.Unwritten()) > 0 })
	defer func() {
		free()
		ui.Until("it is written", func() bool { return len(w.studio.Jobs.Unwritten()) == 0 })
	}()
	closed := false
	w.SetOnClosed(func() { closed = true })
	for _, item := range w.MainMenu().Items[0].Items {
		if item.IsQuit {
			item.Action()
		}
	}
	panel := w.Canvas().Overlays().Top()
	if closed || panel == nil || !slices.ContainsFunc(viewtest.Labels(panel), func(text string) bool { return strings.Contains(text, "generation-17") }) {
		t.Errorf("closed: %v, over it %T", closed, panel)
	}
}
