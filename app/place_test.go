//go:build unix

package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
)

// outside is the internet that hands requests on to this computer, as a tunnel does, and remembers them.
type outside struct {
	t   *testing.T
	dir string

	mu      sync.Mutex
	fetched map[string]int // by name
	servers []*httptest.Server
	headers http.Header // of the last copy
}

// cloudflared writes a program that says what the real one says, and gives the address of a server in this test, which
// hands requests on to where the program was told. Each start is told the next of the addresses.
func cloudflared(w *world, starts int) *outside {
	w.t.Helper()
	o := &outside{t: w.t, dir: w.t.TempDir(), fetched: map[string]int{}}
	for i := range starts {
		server := httptest.NewServer(o.handler(i))
		w.t.Cleanup(server.Close)
		o.servers = append(o.servers, server)
		o.write(fmt.Sprintf("address%d", i), server.URL)
	}
	program := filepath.Join(o.dir, "cloudflared")
	o.write("cloudflared", `#!/bin/sh
cd "`+o.dir+`"
n=$(ls starts 2>/dev/null | wc -l | tr -d ' ')
mkdir -p starts && touch starts/$n
env > environment
echo $$ > pid
[ "$1 $2" = "tunnel --url" ] || exit 2
echo "$3" > target$n
{
echo "2026-11-28T00:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out. https://developers.cloudflare.com/cloudflare-one/connections/connect-apps"
echo "2026-11-28T00:00:00Z INF Requesting new quick Tunnel on trycloudflare.com..."
echo "2026-11-28T00:00:01Z INF +--------------------------------------------------------------------------------------------+"
echo "2026-11-28T00:00:01Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |"
echo "2026-11-28T00:00:01Z INF |  $(cat address$n)                                      |"
echo "2026-11-28T00:00:01Z INF +--------------------------------------------------------------------------------------------+"
echo "2026-11-28T00:00:01Z INF Starting metrics server on 127.0.0.1:20241/metrics"
echo "2026-11-28T00:00:02Z INF Registered tunnel connection connIndex=0 connection=0b5c2f6e event=0 ip=198.41.192.7 location=fra08 protocol=quic"
} >&2
exec sleep 600
`)
	if err := os.Chmod(program, 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.env["MAQUETTE_CLOUDFLARED"] = program
	w.env["PATH"] = os.Getenv("PATH")
	for name := range w.env {
		if strings.HasPrefix(name, "MAQUETTE_BUCKET") {
			delete(w.env, name)
		}
	}
	return o
}

func (o *outside) write(name, content string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(content), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *outside) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(o.dir, name))
	return strings.TrimSpace(string(content))
}

// handler hands on what comes to one start's address while that start runs.
func (o *outside) handler(start int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target, err := url.Parse(o.read(fmt.Sprintf("target%d", start)))
		if err != nil || target.Host == "" || !o.runs() || o.starts() != start+1 {
			http.Error(w, "error code: 1033", 530)
			return
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.ModifyResponse = func(response *http.Response) error {
			if name := path.Base(r.URL.Path); response.StatusCode == http.StatusOK && strings.HasSuffix(name, ".jpg") {
				o.mu.Lock()
				defer o.mu.Unlock()
				o.fetched[name]++
				o.headers = response.Header
			}
			return nil
		}
		proxy.ServeHTTP(w, r)
	})
}

func (o *outside) starts() int {
	entries, _ := os.ReadDir(filepath.Join(o.dir, "starts"))
	return len(entries)
}

func (o *outside) pid() (pid int) {
	_, _ = fmt.Sscan(o.read("pid"), &pid)
	return pid
}

// runs reports whether the program runs.
func (o *outside) runs() bool { return o.pid() > 0 && syscall.Kill(o.pid(), 0) == nil }

func (o *outside) names() (names []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name := range o.fetched {
		names = append(names, name)
	}
	return names
}

// fetchedTwice is how many copies were fetched by more than the check.
func (o *outside) fetchedTwice() (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, times := range o.fetched {
		if times > 1 {
			n++
		}
	}
	return n
}

// get asks for a copy from outside.
func (o *outside) get(start int, name string, header ...string) (*http.Response, []byte) {
	o.t.Helper()
	request, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.servers[start].URL+"/"+name, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	if len(header) == 2 {
		request.Header.Set(header[0], header[1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		o.t.Fatal(err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(response.Body)
	return response, body.Bytes()
}

var fromHere = settings.Place{Computer: true}

// A training whose photos this computer serves, through cloudflared: without a bucket, from end to end.
func TestPhotosAreServedFromThisComputerWhileAJobNeedsThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "dreamlook POST /dreambooth: status 429 retry-after 2 x1")
	o := cloudflared(w, 1)
	studio, _ := w.open()
	studio.Resume()
	if err := studio.Computer.Choose(fromHere); err != nil {
		t.Fatal(err)
	}
	if o.starts() != 0 {
		t.Error("cloudflared was started before anything needs it")
	}
	job := start(t, studio, training(t, studio))
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.State == providers.Waiting || j.State.Ended() })
	names := o.names()
	if len(names) != 2 { // read by the check before anything was sent
		t.Fatalf("%d copies were fetched", len(names))
	}
	for _, name := range names {
		if !regexp.MustCompile(`^[0-9a-f]{32}\.jpg$`).MatchString(name) {
			t.Errorf("the name %q can be guessed", name)
		}
		whole, content := o.get(0, name)
		part, some := o.get(0, name, "Range", "bytes=10-19")
		if whole.StatusCode != http.StatusOK || whole.Header.Get("Content-Type") != "image/jpeg" || !bytes.HasPrefix(content, []byte("\xff\xd8")) ||
			!strings.Contains(whole.Header.Get("Cache-Control"), "no-store") || whole.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a copy is answered %s %v", whole.Status, whole.Header)
		}
		if part.StatusCode != http.StatusPartialContent || !bytes.Equal(some, content[10:20]) {
			t.Errorf("a part is answered %s", part.Status)
		}
	}
	for _, other := range []string{"", "favicon.ico", strings.Repeat("0", 32) + ".jpg", "../maquette.db", names[0][1:], names[0] + "/.."} {
		if response, body := o.get(0, other); response.StatusCode != http.StatusNotFound || strings.TrimSpace(string(body)) != "" {
			t.Errorf("%q is answered %s %q", other, response.Status, body)
		}
	}
	for _, secret := range []string{w.Key("dreamlook"), w.Bucket().SecretKey} {
		if strings.Contains(o.read("environment"), secret) {
			t.Error("cloudflared was given a key")
		}
	}
	wantState(t, wait(t, studio, job.ID), providers.Done)
	if n := w.Submissions("dreamlook"); n != 1 {
		t.Errorf("%d submissions", n)
	}
	waitFor(t, "cloudflared to end", func() bool { return !o.runs() })
	if left, _ := os.ReadDir(filepath.Join(w.dir, "hosted")); len(left) != 0 {
		t.Errorf("%d copies are left", len(left))
	}
}

// The address is another one when the program starts again: a lost request is found all the same, by the photos' names.
func TestALostRequestIsFoundAlthoughTheTunnelsAddressChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "dreamlook POST /dreambooth: lost x1", "dreamlook GET /jobs: status 503 x6")
	o := cloudflared(w, 2)
	studio, closing := w.open()
	if err := studio.Computer.Choose(fromHere); err != nil {
		t.Fatal(err)
	}
	id := start(t, studio, training(t, studio)).ID
	waitFor(t, "the service to have the photos", func() bool { return w.Submissions("dreamlook") > 0 && o.fetchedTwice() == 2 })
	closing()
	if o.runs() {
		t.Fatal("cloudflared outlives the program")
	}
	studio, _ = w.open()
	studio.Resume()
	wantState(t, wait(t, studio, id), providers.Done)
	if n := w.Submissions("dreamlook"); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// A tunnel that dies before the request leaves comes back with another address: the request leaves with that one.
func TestARequestNeverLeavesWithLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "dreamlook POST /dreambooth: status 429 retry-after 3 x1")
	o := cloudflared(w, 2)
	studio, _ := w.open()
	if err := studio.Computer.Choose(fromHere); err != nil {
		t.Fatal(err)
	}
	job := start(t, studio, training(t, studio))
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.State == providers.Waiting || j.State.Ended() })
	before := o.names()
	if err := syscall.Kill(o.pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wantState(t, wait(t, studio, job.ID), providers.Done)
	if n := w.Submissions("dreamlook"); n != 1 || o.starts() != 2 {
		t.Errorf("%d submissions, %d starts", n, o.starts())
	}
	if after := o.names(); len(after) != len(before) {
		t.Errorf("the copies have other names: %v and %v", before, after)
	}
}

// An address of one's own stays, so that links hold over a restart; services call back at it as well.
func TestLinksToAFixedAddressHoldOverARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "dreamlook POST /dreambooth: status 429 retry-after 2 x1")
	o := cloudflared(w, 0)
	listen := freeAddress(t)
	target, err := url.Parse("http://" + listen)
	if err != nil {
		t.Fatal(err)
	}
	var called sync.Map
	proxy := httputil.NewSingleHostReverseProxy(target)
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called.Store(r.Method+" "+path.Ext(r.URL.Path), true)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(public.Close)
	studio, closing := w.open()
	if err := studio.Computer.Choose(settings.Place{Computer: true, Address: public.URL + "/mine/", Listen: listen}); err != nil {
		t.Fatal(err)
	}
	job := start(t, studio, training(t, studio))
	until(t, studio, job.ID, func(j jobs.Job) bool { return j.State == providers.Waiting || j.State.Ended() })
	copies, err := os.ReadDir(filepath.Join(w.dir, "hosted"))
	if err != nil || len(copies) != 2 {
		t.Fatal(copies, err)
	}
	closing()
	studio, _ = w.open()
	studio.Resume()
	waitFor(t, "the same link", func() bool {
		response, err := http.Get(public.URL + "/mine/" + copies[0].Name())
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		done, _ := studio.Jobs.Job(job.ID)
		return response.StatusCode == http.StatusOK || done.State.Ended()
	})
	wantState(t, wait(t, studio, job.ID), providers.Done)
	if _, was := called.Load("POST "); !was {
		t.Error("nobody called back")
	}
	if o.starts() != 0 {
		t.Error("cloudflared was started beside an address")
	}
	waitFor(t, "nobody to listen", func() bool {
		response, err := http.Get("http://" + listen)
		if err == nil {
			_ = response.Body.Close()
		}
		return err != nil
	})
}

func TestThePublicAddressIsCheckedBeforeAnythingIsPaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cloudflared(w, 0)
	studio, _ := w.open()
	listen := freeAddress(t)
	target, err := url.Parse("http://" + listen)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(target)
	for name, row := range map[string]struct {
		answers http.HandlerFunc
		says    string
	}{
		"something else": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }, "something else answers"},
		"nothing there":  {http.NotFound, "doesn't lead to this computer"},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<!doctype html><html><title>You are about to visit</title>ERR_NGROK_6024</html>")
		}, "a web page"},
		"no tunnel": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "error code: 502", http.StatusBadGateway) }, "502"},
		"files are changed": {func(w http.ResponseWriter, r *http.Request) {
			recorded := httptest.NewRecorder()
			through.ServeHTTP(recorded, r)
			_, _ = w.Write(append([]byte("\x89PNG\r\n\x1a\n"), recorded.Body.Bytes()...))
		}, "changes files"},
	} {
		public := httptest.NewServer(row.answers)
		if err := studio.Computer.Choose(settings.Place{Computer: true, Address: public.URL, Listen: listen}); err != nil {
			t.Fatal(err)
		}
		_, err := studio.Place.CheckComputer(t.Context())
		if err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), ".png") {
			t.Errorf("%s: the check says %v", name, err)
		}
		if name != "no tunnel" { // that is waited for
			wantState(t, run(t, studio, training(t, studio)), providers.Failed)
		}
		public.Close()
	}
	if n := w.Submissions("dreamlook"); n != 0 {
		t.Errorf("%d submissions", n)
	}
}

// Some tunnels show a page of warning to browsers only: it is said, and no reason to fail.
func TestAWarningForBrowsersIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cloudflared(w, 0)
	studio, _ := w.open()
	listen := freeAddress(t)
	target, err := url.Parse("http://" + listen)
	if err != nil {
		t.Fatal(err)
	}
	through := httputil.NewSingleHostReverseProxy(target)
	public := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.UserAgent(), "Mozilla/") {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>ERR_NGROK_6024</html>")
			return
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(public.Close)
	if err := studio.Computer.Choose(settings.Place{Computer: true, Address: public.URL, Listen: listen}); err != nil {
		t.Fatal(err)
	}
	reached, err := studio.Place.CheckComputer(t.Context())
	if err != nil || reached.Address != public.URL {
		t.Fatal(reached, err)
	}
}

// Photos that have a link of their own need no place at all.
func TestAPhotoGivenByItsLinkNeedsNoPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cloudflared(w, 0)
	studio, _ := w.open()
	picture := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "image/jpeg")
		content, err := os.ReadFile(samplePhotos(t, 1)[0])
		if err != nil {
			t.Error(err)
		}
		_, _ = rw.Write(content)
	}))
	t.Cleanup(picture.Close)
	if studio.Place.Named() {
		t.Fatal("there is a place")
	}
	wantState(t, run(t, studio, jobs.Order{Task: "luma/reframe", Values: map[string]any{
		"media": picture.URL + "/fox.jpg", "aspect_ratio": "16:9", "prompt": "a wide field",
	}}), providers.Done)
	failed := run(t, studio, reframing(t, studio))
	wantState(t, failed, providers.Failed)
	if failed.Error.Kind != providers.NoBucket {
		t.Errorf("without a place a photo of this computer is %+v", failed.Error)
	}
}

func TestWithoutCloudflaredNothingIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cloudflared(w, 1)
	w.env["MAQUETTE_CLOUDFLARED"] = filepath.Join(t.TempDir(), "nowhere")
	studio, _ := w.open()
	if err := studio.Computer.Choose(fromHere); err != nil {
		t.Fatal(err)
	}
	failed := run(t, studio, training(t, studio))
	wantState(t, failed, providers.Failed)
	if !strings.Contains(failed.Error.Message.String(), "cloudflared is not installed") || w.Submissions("dreamlook") != 0 {
		t.Errorf("it says %v", failed.Error)
	}
}
