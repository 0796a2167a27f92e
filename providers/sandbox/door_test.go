// What a web page in a browser on this computer can do: nothing.

package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// asks sends a request with a Host and other headers of a test's own.
func asks(t *testing.T, method, url, host string, header http.Header) reply {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Host = host
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRead))
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, body}
}

// doors are one address behind each listener, with what lets a program in there.
func doors(t *testing.T, s *sandbox.Sandbox) map[string]struct {
	url    string
	header http.Header
} {
	t.Helper()
	base := strings.TrimSuffix(s.URL("dreamlook"), "/dreamlook")
	b := s.Bucket()
	put(t, b, "photos/a.txt", "a photo")
	bearer := func(service string) http.Header { return http.Header{"Authorization": {"Bearer " + s.Key(service)}} }
	picture := imageURL(t, generate(t, s, dog))
	return map[string]struct {
		url    string
		header http.Header
	}{
		"luma":          {s.URL("luma") + "/generations", bearer("luma")},
		"dreamlook":     {s.URL("dreamlook") + "/jobs/dreambooth", bearer("dreamlook")},
		"bria":          {s.URL("bria") + "/tailored-gen/projects", http.Header{"Api_token": {s.Key("bria")}}},
		"a result":      {picture, nil},
		"control page":  {base + "/_sandbox/submissions", nil},
		"signed object": {presign(t, b, "photos/a.txt", time.Minute), nil},
	}
}

func TestForeignHostIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, at := range doors(t, s) {
		asks(t, "GET", at.url, "", at.header).want(t, 200) // the address as printed
		for _, host := range []string{"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.7", "10.0.0.1:80", "[2001:db8::1]:80"} {
			if r := asks(t, "GET", at.url, host, at.header); r.status != http.StatusMisdirectedRequest || strings.Contains(string(r.body), "photo") {
				t.Errorf("%s as %s answers %d: %.100s", name, host, r.status, r.body)
			}
		}
	}
	plain := s.URL("luma") + "/ping"
	key := http.Header{"Authorization": {"Bearer " + s.Key("luma")}}
	for _, host := range []string{"localhost", "LOCALHOST:80", "127.0.0.1", "127.8.8.8:9", "[::1]:80"} {
		asks(t, "GET", plain, host, key).want(t, 200)
	}
}

func TestNoPageMayReadOrChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, at := range doors(t, s) {
		for _, origin := range []string{"https://evil.example", "null", "http://localhost:3000"} {
			header := at.header.Clone()
			if header == nil {
				header = http.Header{}
			}
			header.Set("Origin", origin)
			for _, method := range []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"} {
				if method == "OPTIONS" {
					header.Set("Access-Control-Request-Method", "PUT")
				}
				r := asks(t, method, at.url, "", header)
				for said := range r.header {
					if strings.HasPrefix(said, "Access-Control-") {
						t.Errorf("%s: %s from %s is answered with %s", name, method, origin, said)
					}
				}
				if !slices.Contains([]string{"GET", "HEAD"}, method) && r.status != http.StatusForbidden {
					t.Errorf("%s: %s from %s answers %d", name, method, origin, r.status)
				}
			}
		}
	}
}

func TestPhotosNeedTheKeyOrASignedLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.Bucket()
	put(t, b, "photos/a.txt", "a photo")
	for _, url := range []string{b.Endpoint, b.Endpoint + "/" + b.Name, b.Endpoint + "/" + b.Name + "?list-type=2", b.Endpoint + "/" + b.Name + "/photos/a.txt"} {
		get(t, url).want(t, 403)
	}
	dataset := newDataset(t, s, newProject(t, s, lora))
	image := upload(t, s, dataset, base64.StdEncoding.EncodeToString(bigPhoto(red, white)))
	kept := bria(t, s, "GET", fmt.Sprintf("%s/images/%d", datasetPath(dataset), image), "").want(t, 200).object(t)
	for _, member := range []string{"image_url", "thumbnail_url"} {
		link := kept[member].(string)
		get(t, link).want(t, 200)
		bare, _, signed := strings.Cut(link, "?")
		if !signed {
			t.Errorf("%s isn't signed", member)
		}
		get(t, bare).want(t, 403)
	}
}

func TestEveryFolderHasItsOwnKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := startIn(t, dir), start(t)
	all := func(s *sandbox.Sandbox) []string {
		b := s.Bucket()
		return []string{s.Key("luma"), s.Key("dreamlook"), s.Key("bria"), s.Key("lucydream"), b.AccessKey, b.SecretKey}
	}
	seen := map[string]bool{}
	for _, key := range append(all(first), all(second)...) {
		if len(key) < 20 || seen[key] {
			t.Errorf("the key %q is short, or the same as another", key)
		}
		seen[key] = true
	}
	before := all(first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if after := all(startIn(t, dir)); !slices.Equal(before, after) {
		t.Error("a later run of the same folder has other keys")
	}
	if s := first; s.Key("nobody") != "" {
		t.Error("an unknown service has a key")
	}
}

func TestListeningBeyondLoopback(t *testing.T) {
	t.Parallel()
	for listen, open := range map[string]bool{"": false, "localhost:0": false, "127.0.0.1:0": false, "0.0.0.0:0": true, ":0": true} {
		s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Listen: listen})
		if err != nil {
			t.Fatal(err)
		}
		if s.Open() != open {
			t.Errorf("listening on %q is said to be open: %v", listen, s.Open())
		}
		url, status := s.URL("luma")+"/ping", http.StatusMisdirectedRequest
		if open {
			status = http.StatusUnauthorized // it got in, without a key
		}
		asks(t, "GET", url, "192.0.2.7:8080", nil).want(t, status)
		asks(t, "GET", url, "evil.example:8080", nil).want(t, http.StatusMisdirectedRequest)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
