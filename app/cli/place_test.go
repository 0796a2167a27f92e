package cli_test

import (
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// A training whose photos this computer serves, by commands alone; one that would end before the service has them is refused.
func TestACommandServesThePhotosOfItsJob(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	for name := range sh.env {
		if strings.HasPrefix(name, "MAQUETTE_BUCKET") {
			delete(sh.env, name)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()
	public := httptest.NewServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "127.0.0.1:" + port}))
	t.Cleanup(public.Close)
	folder, _ := sh.photos(2)
	training := []string{"run", "dreamlook/dreambooth", "--photo", folder, "--consent", "--set", "instance_prompt=photo of a paper fox", "--set", "steps=600"}
	if r := sh.run(training...); r.code == 0 || !strings.Contains(r.err, "maquette place set") {
		t.Errorf("without a place: %s", r)
	}
	for _, row := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"place", "set", "cellar"}, 2, "usage"},
		{[]string{"place", "set", "computer"}, 2, "--cloudflared"},
		{[]string{"place", "set", "computer", "--address", public.URL}, 2, "port is missing"},
		{[]string{"place", "set", "computer", "--address", "http://me.example.com", "--port", port}, 2, "https://"},
		{[]string{"place", "set", "computer", "--address", public.URL, "--port", "none"}, 2, "HOST:PORT"},
		{[]string{"place", "set", "bucket", "--cloudflared"}, 2, "for maquette place set computer"},
		{[]string{"place", "set", "computer", "--address", public.URL, "--port", port}, 0, "place check"},
		{[]string{"place", "check"}, 0, public.URL},
		{append(training, "--no-wait"), 2, "--no-wait"},
		{training, 0, "keep this running"},
		{[]string{"place", "set", "bucket"}, 0, "no bucket yet"},
	} {
		if r := sh.run(row.args...); r.code != row.code || !strings.Contains(r.out+r.err, row.says) {
			t.Errorf("%q isn't said, or another code than %d: %s", row.says, row.code, r)
		}
	}
	if n := sh.Submissions("dreamlook"); n != 1 {
		t.Errorf("%d submissions", n)
	}
}
