package views

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestJobsFromElsewhereAreFoundAndBroughtIn(t *testing.T) {
	ui, w := openDemo(t)
	for _, prompt := range []string{"a fox from elsewhere", "a dog from elsewhere"} {
		generateElsewhere(t, w, prompt)
	}

	w.tabs.SelectIndex(tabJobs)
	viewtest.TapButton(t, w.jobs.content, "Look for jobs at the services")
	ui.Until("what the services know", func() bool {
		return viewtest.Says(w.jobs.imports.content, "Luma Dream Machine knows 2 jobs that Maquette doesn't.")
	})
	viewtest.TapButton(t, w.jobs.imports.content, "Import…")
	panel := w.Canvas().Overlays().Top()
	if !viewtest.Says(panel, "a fox from elsewhere") || !viewtest.Says(panel, " · Picture") || !viewtest.Says(panel, "2 of 2 chosen") {
		t.Errorf("the panel says %q", viewtest.LabelTexts(panel))
	}
	viewtest.TapPanelButton(t, panel, "None")
	if !viewtest.Says(panel, "0 of 2 chosen") || !pickerButtonOf(panel, "Bring in").Disabled() {
		t.Error("None leaves something to bring in")
	}
	viewtest.TapPanelButton(t, panel, "All")
	list := viewtest.Find[*unclaimedList](panel)[0]
	if !viewtest.Says(panel, kit.Moment(list.panel.at.jobs[0].Time, time.Now())) {
		t.Errorf("no time is shown: %q", viewtest.LabelTexts(panel))
	}
	for row, job := range list.panel.at.jobs {
		if job.Title == "a dog from elsewhere" {
			list.Select(row)
		}
	}
	if !viewtest.Says(panel, "1 of 2 chosen") {
		t.Errorf("after a click the panel says %q", viewtest.LabelTexts(panel))
	}
	viewtest.TapPanelButton(t, panel, "Bring in")
	ui.Until("the job", func() bool {
		jobs := w.studio.Jobs.List()
		return len(jobs) == 1 && jobs[0].State == providers.Done && len(jobs[0].Images) == 1 && jobs[0].Values.Text("prompt") == "a fox from elsewhere"
	})
	ui.Until("it says so", func() bool {
		return viewtest.Says(w.jobs.imports.content, "1 job brought in.") && viewtest.Says(w.jobs.imports.content, "knows 1 job that")
	})
	viewtest.TapButton(t, w.jobs.imports.content, "Import…")
	viewtest.TapPanelButton(t, w.Canvas().Overlays().Top(), "Bring in")
	ui.Until("the other job", func() bool { return len(w.studio.Jobs.List()) == 2 && !w.jobs.imports.look.Disabled() })
	viewtest.TapButton(t, w.jobs.content, "Look for jobs at the services")
	ui.Until("that nothing is left", func() bool { return viewtest.Says(w.jobs.imports.content, "know no job") })
}

func TestTheCallbackReceiverIsSetUp(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	section := newCallbackSection(w.desk)
	section.listen.SetText("nonsense")
	if !section.save.Disabled() || !section.result.problem.Visible() {
		t.Error("nonsense can be saved")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	section.listen.SetText(address)
	section.public.SetText("https://studio.example.com/hooks")
	if section.save.Disabled() {
		t.Fatal("it can't be saved")
	}
	section.saveCallbacks()
	ui.Until("it being saved", func() bool { return !section.edited })
	if listen, public := w.studio.Callbacks.Settings(); listen != address || public != "https://studio.example.com/hooks" {
		t.Errorf("saved %q, %q", listen, public)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal("nobody listens:", err)
	}
	conn.Close()
}

// generateElsewhere asks Luma for a picture behind Maquette's back.
func generateElsewhere(t *testing.T, w *Window, prompt string) {
	t.Helper()
	service, _ := w.studio.Services().Service("luma")
	conn, err := w.studio.Access.Conn(t.Context(), service)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, conn.BaseURL+"/generations/image",
		strings.NewReader(`{"prompt":"`+prompt+`","model":"photon-1","aspect_ratio":"1:1"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+conn.Key)
	request.Header.Set("Content-Type", "application/json")
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

func pickerButtonOf(root fyne.CanvasObject, text string) *kit.Button {
	for _, button := range viewtest.Find[*kit.Button](root) {
		if button.Text == text {
			return button
		}
	}
	return nil
}

func TestHowManyJobsWereBroughtInIsSaid(t *testing.T) {
	for want, got := range map[string]string{
		"1 job brought in.": importedWords(1, 0),
		"3 jobs brought in. 1 is no longer there, or known by now.":  importedWords(3, 1),
		"0 jobs brought in. 2 are no longer there, or known by now.": importedWords(0, 2),
	} {
		if got != want {
			t.Errorf("it says %q, not %q", got, want)
		}
	}
}
