package views

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

func TestJobsFromElsewhereAreFoundAndBroughtIn(t *testing.T) {
	ui, w := openDemo(t)
	service, _ := w.studio.Service("luma")
	conn, err := w.studio.Conn(t.Context(), service)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, conn.BaseURL+"/generations/image",
		strings.NewReader(`{"prompt":"a fox from elsewhere","model":"photon-1","aspect_ratio":"1:1"}`))
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

	w.tabs.SelectIndex(tabJobs)
	tapButton(t, w.jobs.content, "Look for jobs at the services")
	ui.until("what the services know", func() bool {
		return says(w.jobs.imports.content, "Luma Dream Machine knows 1 job that Maquette doesn't.")
	})
	var at strangersAt
	strangers, err := w.studio.Strangers(t.Context(), "luma")
	if err != nil || len(strangers) != 1 {
		t.Fatal(strangers, err)
	}
	at.service, at.ids = service, []string{strangers[0].ID}
	w.jobs.imports.bringIn(at)
	ui.until("the job", func() bool {
		jobs := w.studio.Jobs()
		return len(jobs) > 0 && jobs[0].RemoteID == at.ids[0] && jobs[0].State == providers.Done && len(jobs[0].Images) == 1
	})
	tapButton(t, w.jobs.content, "Look for jobs at the services")
	ui.until("that nothing is left", func() bool { return says(w.jobs.imports.content, "know no job") })
}

func TestTheCallbackReceiverIsSetUp(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	section := newCallbackSection(w)
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
	ui.until("it being saved", func() bool { return !section.edited })
	if listen, public := w.studio.CallbackSettings(); listen != address || public != "https://studio.example.com/hooks" {
		t.Errorf("saved %q, %q", listen, public)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal("nobody listens:", err)
	}
	conn.Close()
}
