package views

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/maquette-studio/maquette/app/release"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

func TestHelpLooksForUpdatesAndSaysWhatWasAsked(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"tag_name": "v9.8.7"}`) }))
	defer server.Close()
	t.Setenv(release.AddressVariable, server.URL)
	ui, w := openDemo(t)
	p := showUpdates(w.desk)
	ui.Until("the answer", func() bool { return viewtest.Says(dialogOf(t, w), "Maquette 9.8.7 is out") })
	if !viewtest.Says(dialogOf(t, w), server.URL) || !p.page.Visible() {
		t.Errorf("it says %q", viewtest.LabelTexts(dialogOf(t, w)))
	}
	p.Close()
	server.Close()
	showUpdates(w.desk)
	ui.Until("the failure", func() bool { return viewtest.Says(dialogOf(t, w), "could not be reached") })
}
