package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
)

const secret = "signature-not-for-anyones-eyes"

// serve starts a host on loopback and a fetcher that may reach it. The link
// carries a secret that no failure may show.
func serve(t *testing.T, handler http.HandlerFunc) (*httpapi.Fetcher, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	fetcher := httpapi.NewFetcher(true)
	t.Cleanup(func() {
		fetcher.CloseIdleConnections()
		server.Close()
	})
	return fetcher, server.URL + "/private/photo.jpg?sig=" + secret
}

func wantLinkFailure(t *testing.T, err error) *providers.Failure {
	t.Helper()
	failure := conformance.WantFailure(t, err)
	if shown := failure.Error() + failure.Advice.String(); strings.Contains(shown, secret) || strings.Contains(shown, "private") {
		t.Errorf("the failure shows more than the host: %s", shown)
	}
	return failure
}

func pictures(t *testing.T) map[string][]byte {
	t.Helper()
	canvas := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	all := map[string][]byte{}
	for name, encode := range map[string]func(io.Writer) error{
		"jpeg": func(w io.Writer) error { return jpeg.Encode(w, canvas, nil) },
		"png":  func(w io.Writer) error { return png.Encode(w, canvas) },
		"gif":  func(w io.Writer) error { return gif.Encode(w, canvas, nil) },
	} {
		var out bytes.Buffer
		if err := encode(&out); err != nil {
			t.Fatal(err)
		}
		all[name] = out.Bytes()
	}
	all["webp"] = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	return all
}

func TestCheckPicture(t *testing.T) {
	good := pictures(t)
	for _, row := range []struct {
		name   string
		status int
		kind   string
		body   []byte
		want   providers.FailureKind // "" is well
		says   string
	}{
		{"jpeg", 200, "image/jpeg", good["jpeg"], "", ""},
		{"png", 200, "image/png", good["png"], "", ""},
		{"gif", 200, "image/gif", good["gif"], "", ""},
		{"webp", 200, "image/webp", good["webp"], "", ""},
		{"without a type", 200, "application/octet-stream", good["png"], "", ""},
		{"a web page", 200, "text/html", []byte("<!DOCTYPE html><html>log in</html>"), providers.InvalidInput, "web page"},
		{"a web page as jpeg", 200, "image/jpeg", []byte("<html>log in</html>"), providers.InvalidInput, "web page"},
		{"empty", 200, "image/jpeg", nil, providers.InvalidInput, "empty"},
		{"cut head", 200, "image/png", good["png"][:20], providers.InvalidInput, "damaged"},
		{"svg", 200, "image/svg+xml", []byte("<svg/>"), providers.InvalidInput, "neither jpeg"},
		{"text", 200, "text/plain", []byte("hello"), providers.InvalidInput, "no picture"},
		{"forbidden", 403, "text/xml", []byte("<Error/>"), providers.InvalidInput, "403"},
		{"not found", 404, "text/plain", nil, providers.NotFound, "404"},
		{"no content", 204, "", nil, providers.InvalidInput, "204"},
		{"a part, and all of it", 206, "image/png", good["png"], "", ""},
		{"busy", 429, "", nil, providers.RateLimited, "429"},
		{"down", 502, "", nil, providers.ServiceTrouble, "502"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			fetcher, link := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", row.kind)
				w.WriteHeader(row.status)
				_, _ = w.Write(row.body)
			})
			err := fetcher.CheckPicture(t.Context(), link)
			if row.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			failure := wantLinkFailure(t, err)
			if failure.Kind != row.want || !strings.Contains(failure.Message.String(), row.says) || !strings.Contains(failure.Message.String(), "127.0.0.1") {
				t.Errorf("got %q %q, want %q saying %q", failure.Kind, failure.Message, row.want, row.says)
			}
		})
	}
}

func TestAnEndlessPictureIsReadOnlyAtItsBeginning(t *testing.T) {
	good := pictures(t)["png"]
	fetcher, link := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := w.Write(good)
		for zeros := make([]byte, 64<<10); err == nil; {
			_, err = w.Write(zeros)
		}
	})
	if err := fetcher.CheckPicture(t.Context(), link); err != nil {
		t.Fatal(err)
	}
}

func TestCheckWantsSomeBytes(t *testing.T) {
	for body, ok := range map[string]bool{"{}": true, "": false} {
		fetcher, link := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		if err := fetcher.Check(t.Context(), link); (err == nil) != ok {
			t.Errorf("a file of %d bytes: %v", len(body), err)
		}
	}
}

func TestNothingOfOursTravelsAlong(t *testing.T) {
	var headers []http.Header
	fetcher, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
		headers = append(headers, r.Header)
		if len(headers) == 1 {
			http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "file")
	})
	if _, _, err := fetcher.Download(t.Context(), link, io.Discard, 0); err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		for _, name := range []string{"Cookie", "Referer", "Authorization"} {
			if header.Get(name) != "" {
				t.Errorf("%s was sent: %s", name, header.Get(name))
			}
		}
	}
}

func TestLinksThatAreNotFollowed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "inside") }))
	defer server.Close()
	strict, sandboxed := httpapi.NewFetcher(false), httpapi.NewFetcher(true)
	inside := strings.Replace(server.URL, "http://", "https://", 1)
	for _, row := range []struct {
		fetcher *httpapi.Fetcher
		link    string
	}{
		{strict, server.URL},
		{strict, inside},
		{strict, strings.Replace(inside, "127.0.0.1", "localhost", 1)},
		{strict, "https://169.254.169.254/latest/meta-data"},
		{strict, "https://10.0.0.1/a"},
		{strict, "https://[::ffff:10.0.0.1]/a"},
		{sandboxed, "https://10.0.0.1/a"},
		{sandboxed, "http://example.com/a.jpg"},
		{sandboxed, "ftp://127.0.0.1/a.jpg"},
		{sandboxed, "file:///etc/passwd"},
		{sandboxed, "https://user:" + secret + "@example.com/a.jpg"},
		{sandboxed, "photo.jpg"},
		{sandboxed, ""},
		{sandboxed, "https://%zz"},
	} {
		failure := wantLinkFailure(t, row.fetcher.Check(t.Context(), row.link))
		if failure.Kind != providers.InvalidInput {
			t.Errorf("%q: %q %v", row.link, failure.Kind, failure)
		}
	}
}

func TestRedirectsAreCheckedEachTime(t *testing.T) {
	for _, target := range []string{"http://10.0.0.1/a", "https://192.168.1.1/a", "ftp://127.0.0.1/a", "/again"} {
		count := 0
		fetcher, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
			count++
			http.Redirect(w, r, target, http.StatusFound)
		})
		if failure := wantLinkFailure(t, fetcher.Check(t.Context(), link)); failure.MayPass() {
			t.Errorf("%s would be asked again: %v", target, failure)
		}
		if count > 6 {
			t.Errorf("%s: %d redirects were followed", target, count)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestDownload(t *testing.T) {
	content := strings.Repeat("model ", 100_000)
	whole := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "Image/PNG; charset=x")
		_, _ = io.WriteString(w, content)
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		_, _ = io.WriteString(w, content[:1000])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	for _, row := range []struct {
		name    string
		handler http.HandlerFunc
		to      io.Writer
		limit   int64
		want    providers.FailureKind
	}{
		{"whole", whole, io.Discard, 0, ""},
		{"exactly as long as allowed", whole, io.Discard, int64(len(content)), ""},
		{"too long", whole, io.Discard, int64(len(content)) - 1, providers.BadResult},
		{"cut", cut, io.Discard, 0, providers.NoNetwork},
		{"disk full", whole, fullDisk{}, 0, providers.NoStorage},
		{"refused", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, io.Discard, 0, providers.BadResult},
	} {
		t.Run(row.name, func(t *testing.T) {
			fetcher, link := serve(t, row.handler)
			kind, n, err := fetcher.Download(t.Context(), link, row.to, row.limit)
			if row.want != "" {
				if failure := wantLinkFailure(t, err); failure.Kind != row.want {
					t.Errorf("got %q %v, want %q", failure.Kind, failure, row.want)
				}
				return
			}
			if err != nil || n != int64(len(content)) || kind != "image/png" {
				t.Errorf("got %d bytes of %q, %v", n, kind, err)
			}
		})
	}
}

func TestABodyThatStallsIsGivenUp(t *testing.T) {
	done := make(chan struct{})
	_, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the beginning")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(done)
	})
	fetcher := httpapi.NewFetcherOver(network.Here(), true, network.Pace{Stall: 50 * time.Millisecond})
	defer fetcher.CloseIdleConnections()
	_, n, err := fetcher.Download(t.Context(), link, io.Discard, 0)
	if failure := wantLinkFailure(t, err); failure.Kind != providers.NoNetwork || !strings.Contains(failure.Message.String(), "stopped sending") {
		t.Errorf("got %v", failure)
	}
	if n != int64(len("the beginning")) {
		t.Errorf("%d bytes were written", n)
	}
	<-done
}

func TestACancelledDownloadSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	fetcher, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-r.Context().Done()
	})
	_, _, err := fetcher.Download(ctx, link, io.Discard, 0)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestResume(t *testing.T) {
	const content = "0123456789"
	serveFile := func(tag, content string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", tag)
			http.ServeContent(w, r, "model.safetensors", time.Time{}, strings.NewReader(content))
		}
	}
	fixed := func(status int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				serveFile(`"v1"`, content)(w, r)
				return
			}
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, row := range []struct {
		name      string
		handler   http.HandlerFunc
		from      int64
		validator string
		want      string
		restarted bool
	}{
		{"from the beginning", serveFile(`"v1"`, content), 0, "", content, false},
		{"from the middle", serveFile(`"v1"`, content), 4, `"v1"`, "456789", false},
		{"the file changed", serveFile(`"v2"`, "abcdefghij"), 4, `"v1"`, "abcdefghij", true},
		{"the host can't resume", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, content) }, 4, "", content, true},
		{"nothing is left", serveFile(`"v1"`, content), 10, `"v1"`, "", false},
		{"ours is longer", serveFile(`"v1"`, content), 12, `"v1"`, content, true},
		{"another range than asked", fixed(206, "23456789", "Content-Range", "bytes 2-9/10"), 4, `"v1"`, content, true},
		{"no range told", fixed(206, "456789"), 4, `"v1"`, content, true},
		{"total unknown", fixed(206, "456789", "Content-Range", "bytes 4-9/*"), 4, `"v1"`, "456789", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			fetcher, link := serve(t, row.handler)
			body, total, restarted, validator, err := fetcher.Resume(t.Context(), link, row.from, row.validator)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(body)
			if err := errors.Join(err, body.Close()); err != nil {
				t.Fatal(err)
			}
			if string(got) != row.want || restarted != row.restarted {
				t.Errorf("got %q, restarted %v; want %q, %v", got, restarted, row.want, row.restarted)
			}
			if total != 10 && row.name != "total unknown" {
				t.Errorf("total %d, want 10", total)
			}
			if row.validator != "" && row.name == "from the middle" && validator != `"v1"` {
				t.Errorf("validator %q", validator)
			}
		})
	}
}

func TestAResumedBodyThatIsCutFails(t *testing.T) {
	fetcher, link := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 4-9/10")
		w.Header().Set("Content-Length", "6")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = io.WriteString(w, "45")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	body, _, _, _, err := fetcher.Resume(t.Context(), link, 4, `"v1"`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(body)
	if failure := wantLinkFailure(t, err); failure.Kind != providers.NoNetwork || string(got) != "45" {
		t.Errorf("read %q, %v", got, failure)
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnExpiredLinkIsToldByItsStatus(t *testing.T) {
	for _, status := range []int{400, 403, 404} {
		fetcher, link := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		for _, from := range []int64{0, 5} {
			_, _, _, _, err := fetcher.Resume(t.Context(), link, from, "")
			if failure := wantLinkFailure(t, err); failure.Status != status {
				t.Errorf("status %d from byte %d: %+v", status, from, *failure)
			}
		}
	}
}
