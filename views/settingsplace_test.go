package views

import (
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
)

// The three ways are offered where a place is lacking; this computer is chosen, its address is checked from outside, and
// the form says what follows from it.
func TestThisComputerIsChosenAsThePlaceForPhotos(t *testing.T) {
	ui, w, _ := openOnSandbox(t, map[string]string{"MAQUETTE_CLOUDFLARED": filepath.Join(t.TempDir(), "none")})
	notice := w.train.order.notice
	w.openTab(tabTrain)
	w.fill("dreamlook/dreambooth", nil)
	ui.Until("it is said that there is no place", func() bool { return viewtest.Says(notice, "a bucket of yours") })
	viewtest.TapButton(t, notice, "From this computer…")
	section := w.settings.sections[placeAccount].(*placeSection)
	if !w.inSight(tabSettings) || !isChosen(section.ways, wayComputer) {
		t.Fatal("the button doesn't lead to this computer's settings")
	}
	ui.Until("cloudflared is looked for", func() bool { return viewtest.Says(section.card, "isn't installed") })

	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()
	public := httptest.NewServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "127.0.0.1:" + port}))
	t.Cleanup(public.Close)
	choose(section.door, true)
	test.Type(section.address, public.URL)
	if !section.save.Disabled() || !viewtest.Says(section.card, "port is missing") {
		t.Error("an address without a port can be saved")
	}
	test.Type(section.port, port)
	viewtest.TapButton(t, section.card, "Save")
	ui.Until("it is saved", func() bool { return viewtest.Says(section.card, "Saved.") && !section.check.Disabled() })
	viewtest.TapButton(t, section.card, "Check")
	ui.Until("it is checked", func() bool { return viewtest.Says(section.card, "services can fetch photos there") })
	ui.Until("the form says what follows", func() bool {
		return viewtest.Says(notice, "keep Maquette open") && !viewtest.Says(notice, "a bucket of yours")
	})
	if closed := w.serving(); closed {
		t.Error("photos are served without a job")
	}
}
