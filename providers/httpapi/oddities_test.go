package httpapi_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
)

func gzipped(text string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func zlibbed(text string) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func deflated(text string) string {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestSpeed)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return out.String()
}

func inUTF16(order binary.AppendByteOrder, text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// says is an answer of a paid request in these words, byte by byte.
func says(status string, header string, body string) string {
	return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + strings.ReplaceAll(header, "\n", "\r\n") + "\r\n" + body
}

// raw is a server that answers each connection's request with the next bytes,
// the last ones for ever, and counts them.
func raw(t *testing.T, answers ...string) (address string, count func() int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	var mu sync.Mutex
	var serving sync.WaitGroup
	served := 0
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			next := answers[min(served, len(answers)-1)]
			served++
			mu.Unlock()
			readRequest(conn)
			_, _ = io.WriteString(conn, strings.NewReplacer("ADDRESS", listener.Addr().String(), "PORT", port).Replace(next))
			_ = conn.Close()
		}
	})
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	return listener.Addr().String(), func() int { mu.Lock(); defer mu.Unlock(); return served }
}

// readRequest reads a request whole, so that its connection may be closed.
func readRequest(conn net.Conn) {
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, _ = io.Copy(io.Discard, request.Body)
	}
}

func TestAPaidAnswerIsUnderstoodHoweverItComes(t *testing.T) {
	const body = `{"id":"café-1"}`
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\n", n) }
	with := func(header, body string) string { return says("200 OK", header+length(len(body)), body) }
	for name, answer := range map[string]string{
		"as usual":                        with("Content-Type: application/json\n", body),
		"without a type":                  with("", body),
		"as bytes":                        with("Content-Type: application/octet-stream\n", body),
		"201":                             says("201 Created", length(len(body)), body),
		"203":                             says("203 Non-Authoritative Information", length(len(body)), body),
		"206 without being asked":         says("206 Partial Content", length(len(body))+fmt.Sprintf("Content-Range: bytes 0-%d/%d\n", len(body)-1, len(body)), body),
		"gzip":                            with("Content-Encoding: gzip\n", gzipped(body)),
		"x-gzip":                          with("Content-Encoding: x-gzip\n", gzipped(body)),
		"gzip of gzip":                    with("Content-Encoding: gzip, gzip\n", gzipped(gzipped(body))),
		"deflate":                         with("Content-Encoding: deflate\n", zlibbed(body)),
		"bare deflate":                    with("Content-Encoding: deflate\n", deflated(body)),
		"said to be gzip and is not":      with("Content-Encoding: gzip\n", body),
		"a coding that is none":           with("Content-Encoding: utf-8\n", body),
		"with a mark before":              with("", "\xef\xbb\xbf"+body),
		"UTF-16 with a mark":              with("Content-Type: application/json; charset=utf-16\n", "\xff\xfe"+inUTF16(binary.LittleEndian, body)),
		"UTF-16 the other way":            with("Content-Type: application/json; charset=UTF-16BE\n", inUTF16(binary.BigEndian, body)),
		"UTF-16 without a word":           with("", inUTF16(binary.LittleEndian, body)),
		"Latin 1":                         with("Content-Type: application/json; charset=ISO-8859-1\n", "{\"id\":\"caf\xe9-1\"}"),
		"lines around":                    with("", "\r\n\n  "+body+"\n\n \t\r\n"),
		"closed at its end":               says("200 OK", "", body),
		"HTTP/1.0":                        "HTTP/1.0 200 OK\r\n\r\n" + body,
		"chunked with trailers":           says("200 OK", "Transfer-Encoding: chunked\nTrailer: X-Sum\n", fmt.Sprintf("%x\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n", len(body), body)),
		"early hints before":              "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + with("", body),
		"100 and 102 before":              "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + with("", body),
		"two lengths, the same":           says("200 OK", length(len(body))+length(len(body)), body),
		"a redirect of the same host":     says("307 Temporary Redirect", "Location: /there\n"+length(0), ""),
		"scheme-relative":                 says("308 Permanent Redirect", "Location: //ADDRESS/there\n"+length(0), ""),
		"with the host in capitals":       says("307 Temporary Redirect", "Location: HTTP://LOCALHOST:PORT/there\n"+length(0), ""),
		"with a dot behind the host name": says("307 Temporary Redirect", "Location: http://localhost.:PORT/there\n"+length(0), ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := raw(t, answer, with("", body))
			if strings.Contains(strings.ToLower(answer), "localhost") {
				address = strings.Replace(address, "127.0.0.1", "localhost", 1)
			}
			var out item
			client := httpapi.New(httpapi.Options{Service: "Acme", Conn: providers.Conn{BaseURL: "http://" + address, Key: "k"}})
			if err := client.Post(t.Context(), "items", map[string]int{"a": 1}, &out); err != nil || out.ID != "café-1" {
				t.Errorf("got %q, %v", out.ID, err)
			}
		})
	}
}

// What can't be understood is unclear, and says why.
func TestAPaidAnswerThatCantBeUnpackedIsUnclear(t *testing.T) {
	for name, row := range map[string]struct{ answer, says string }{
		"brotli":      {says("200 OK", "Content-Encoding: br\n", "\x0b\x02\x80"), "can't unpack (br)"},
		"broken gzip": {says("200 OK", "Content-Encoding: gzip\n", gzipped(`{"id":"1"}`)[:15]), "can't be unpacked"},
	} {
		t.Run(name, func(t *testing.T) {
			address, count := raw(t, row.answer)
			client := httpapi.New(httpapi.Options{Service: "Acme", Conn: providers.Conn{BaseURL: "http://" + address}})
			failure := conformance.WantFailure(t, client.Post(t.Context(), "items", nil, &item{}))
			if failure.Outcome != providers.Unclear || !failure.Garbled || !strings.Contains(failure.Message.String(), row.says) || count() != 1 {
				t.Errorf("got %q %v after %d requests", failure.Outcome, failure, count())
			}
		})
	}
}

func TestWhatOnlyReadsFollowsTheHostToHTTPS(t *testing.T) {
	client := (&answers{answers: []func(*http.Request) *http.Response{
		answer(301, "", "Location", "https://API.acme.example:443/v1/there"), answer(302, "", "Location", "//api.acme.example./v1/on"), answer(200, `{"id":"1"}`),
	}}).client("k")
	if err := client.Get(t.Context(), "items/1", nil, &item{}); err != nil {
		t.Error(err)
	}
	for _, to := range []string{"https://api.acme.example:8443/", "http://api.acme.example/", "https://acme.example/"} {
		client := (&answers{answers: []func(*http.Request) *http.Response{answer(302, "", "Location", to), answer(200, `{"id":"1"}`)}}).client("k")
		if err := client.Get(t.Context(), "items/1", nil, &item{}); err == nil {
			t.Errorf("the key was sent to %s", to)
		}
	}
}

func TestADownloadIsUnderstoodHoweverItComes(t *testing.T) {
	picture := string(pictures(t)["png"])
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\n", n) }
	with := func(header, body string) string { return says("200 OK", header+length(len(body)), body) }
	for _, row := range []struct {
		name, answer string
		kind         providers.FailureKind // "" where it arrives
		says         string
	}{
		{"as usual", with("Content-Type: image/png\n", picture), "", ""},
		{"as bytes", with("Content-Type: binary/octet-stream\n", picture), "", ""},
		{"without a type", with("", picture), "", ""},
		{"203", says("203 Changed", length(len(picture)), picture), "", ""},
		{"206 of all of it", says("206 Partial Content", length(len(picture))+fmt.Sprintf("Content-Range: bytes 0-%d/%d\n", len(picture)-1, len(picture)), picture), "", ""},
		{"gzip", with("Content-Encoding: gzip\n", gzipped(picture)), "", ""},
		{"gzip twice", with("Content-Encoding: gzip\nContent-Encoding: gzip\n", gzipped(gzipped(picture))), "", ""},
		{"deflate", with("Content-Encoding: deflate\n", deflated(picture)), "", ""},
		{"said to be gzip and is not", with("Content-Encoding: gzip\n", picture), "", ""},
		{"closed at its end", "HTTP/1.0 200 OK\r\n\r\n" + picture, "", ""},
		{"a redirect without a host", says("302 Found", "Location: other.png\n"+length(0), ""), "", ""},
		{"a redirect without a scheme", says("301 Moved", "Location: //ADDRESS/other.png\n"+length(0), ""), "", ""},
		{"201", says("201 Created", length(len(picture)), picture), "", ""},
		{"206 of who knows how much", says("206 Partial Content", length(len(picture))+fmt.Sprintf("Content-Range: bytes 0-%d/*\n", len(picture)-1), picture), "", ""},
		{"206 of what isn't said", says("206 Partial Content", length(len(picture)), picture), "", ""},
		{"a coding that is none", with("Content-Encoding: utf-8\n", picture), "", ""},
		{"one of the store's own", with("Content-Encoding: gzip, aws-chunked\n", picture), "", ""},
		{"a wrong checksum behind it", with("Content-Encoding: gzip\n", gzipped(picture)[:len(gzipped(picture))-6]+"abcdef"), "", ""},
		{"said to be deflate and is not", with("Content-Encoding: deflate\n", picture), "", ""},
		{"a part of it", says("206 Partial Content", length(10)+"Content-Range: bytes 0-9/100\n", picture[:10]), providers.BadResult, "206"},
		{"parts of it", says("206 Partial Content", length(10)+"Content-Type: multipart/byteranges; boundary=x\n", picture[:10]), providers.BadResult, "206"},
		{"nothing", says("204 No Content", "", ""), providers.BadResult, "204"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			address, _ := raw(t, row.answer, with("", picture))
			fetcher := httpapi.NewFetcher(true)
			t.Cleanup(fetcher.CloseIdleConnections)
			var got bytes.Buffer
			_, _, err := fetcher.Download(t.Context(), "http://"+address+"/picture.png?sig="+secret, &got, 1<<20)
			if row.kind == "" {
				if err != nil || got.String() != picture {
					t.Errorf("%d bytes, %v", got.Len(), err)
				}
				return
			}
			if failure := wantLinkFailure(t, err); failure.Kind != row.kind || !strings.Contains(failure.Message.String(), row.says) {
				t.Errorf("got %q %v", failure.Kind, failure)
			}
		})
	}
}

// A bomb is no larger unpacked than what is asked for.
func TestAPackedFileIsNoLargerThanAllowed(t *testing.T) {
	bomb := gzipped(strings.Repeat("a", 8<<20))
	address, _ := raw(t, says("200 OK", "Content-Encoding: gzip\n", bomb))
	fetcher := httpapi.NewFetcher(true)
	defer fetcher.CloseIdleConnections()
	var got bytes.Buffer
	_, _, err := fetcher.Download(t.Context(), "http://"+address+"/", &got, 1<<20)
	if failure := wantLinkFailure(t, err); failure.Kind != providers.BadResult || got.Len() > 1<<20+1 {
		t.Errorf("%d bytes, %v", got.Len(), failure)
	}
}

// A store that ignores If-Range sends the rest of another file.
func TestTwoFilesAreNeverGluedTogether(t *testing.T) {
	const whole = "abcdefghij" // what is there now; the first bytes came of another
	for _, row := range []struct {
		name, validator string
		header          []string
		restarted       bool
	}{
		{"the same", `"v1"`, []string{"ETag", `"v1"`, "Content-Range", "bytes 4-9/10"}, false},
		{"another tag", `"v1"`, []string{"ETag", `"v2"`, "Content-Range", "bytes 4-9/10"}, true},
		{"no tag", `"v1"`, []string{"Content-Range", "bytes 4-9/10"}, false},
		{"the same time", "Tue, 01 Sep 2026 10:00:00 GMT", []string{"ETag", `"v1"`, "Last-Modified", "Tue, 01 Sep 2026 10:00:00 GMT", "Content-Range", "bytes 4-9/10"}, false},
		{"another time", "Tue, 01 Sep 2026 10:00:00 GMT", []string{"Last-Modified", "Tue, 01 Sep 2026 11:00:00 GMT", "Content-Range", "bytes 4-9/10"}, true},
		{"another start", `"v1"`, []string{"ETag", `"v1"`, "Content-Range", "bytes 0-9/10"}, true},
		{"a start beyond the end", `"v1"`, []string{"ETag", `"v1"`, "Content-Range", "bytes 4-9/5"}, true},
		{"another unit", `"v1"`, []string{"ETag", `"v1"`, "Content-Range", "items 4-9/10"}, true},
		{"a total that isn't told", `"v1"`, []string{"ETag", `"v1"`, "Content-Range", "bytes 4-9/*"}, false},
		{"several parts", `"v1"`, []string{"Content-Type", "multipart/byteranges; boundary=x"}, true},
		{"packed", `"v1"`, []string{"ETag", `"v1"`, "Content-Encoding", "gzip", "Content-Range", "bytes 4-9/10"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			fetcher, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Range") == "" {
					_, _ = io.WriteString(w, whole)
					return
				}
				for i := 0; i < len(row.header); i += 2 {
					w.Header().Set(row.header[i], row.header[i+1])
				}
				w.WriteHeader(http.StatusPartialContent)
				_, _ = io.WriteString(w, whole[4:])
			})
			body, _, restarted, _, err := fetcher.Resume(t.Context(), link, 4, row.validator)
			if err != nil {
				t.Fatal(err)
			}
			defer body.Close()
			got, err := io.ReadAll(body)
			want := whole[4:]
			if row.restarted {
				want = whole
			}
			if err != nil || string(got) != want || restarted != row.restarted {
				t.Errorf("got %q, restarted %v (%v); want %q, %v", got, restarted, err, want, row.restarted)
			}
		})
	}
}

// A packed file has ranges of its packed bytes: what came of it is not gone on
// with.
func TestAPackedModelIsNotResumed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, gzipped("the model"))
	}))
	defer server.Close()
	fetcher := httpapi.NewFetcher(true)
	defer fetcher.CloseIdleConnections()
	body, total, _, validator, err := fetcher.Resume(t.Context(), server.URL, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if got, err := io.ReadAll(body); err != nil || string(got) != "the model" || total != -1 || validator != "" {
		t.Errorf("%q of %d bytes as %q, %v", got, total, validator, err)
	}
}

func TestASlowPictureSaysHowSlow(t *testing.T) {
	ended := make(chan struct{})
	_, link := serve(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-tick.C:
				_, _ = io.WriteString(w, "a")
				_ = http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				tick.Stop()
				return
			}
		}
	})
	fetcher := httpapi.NewFetcherOver(network.Here(), true, network.Pace{Speed: 10_000, Window: 100 * time.Millisecond})
	defer fetcher.CloseIdleConnections()
	_, _, err := fetcher.Download(t.Context(), link, io.Discard, 0)
	if failure := wantLinkFailure(t, err); !failure.MayPass() || !strings.Contains(failure.Message.String(), "bytes a second") {
		t.Errorf("got %v", failure)
	}
	<-ended
}
