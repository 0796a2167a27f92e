// What stands between a studio and a simulated service, and answers in its
// place where results are fetched.

package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// between answers with other bytes where a result is fetched.
type between struct {
	*httptest.Server

	mu     sync.Mutex
	served []func(w http.ResponseWriter) // what the next fetches get, nil for what there is; the last one stays
	took   int
}

// instead makes w's Luma answer for pictures with these, one after the other.
func (w *world) instead(served ...func(http.ResponseWriter)) *between {
	return w.insteadOf("MAQUETTE_LUMA_URL", served...)
}

// insteadOf makes what the variable gives the address of answer for results
// with these, one after the other.
func (w *world) insteadOf(variable string, served ...func(http.ResponseWriter)) *between {
	w.t.Helper()
	sandbox, err := url.Parse(w.env[variable])
	if err != nil {
		w.t.Fatal(err)
	}
	b := &between{served: served}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = sandbox.Scheme, sandbox.Host, r.In.Host // which may be signed
		},
		ModifyResponse: func(r *http.Response) error {
			if strings.HasSuffix(r.Request.URL.Path, ".safetensors") {
				return nil
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			body = bytes.ReplaceAll(body, []byte(sandbox.Host), []byte(strings.TrimPrefix(b.URL, "http://")))
			r.Body = io.NopCloser(bytes.NewReader(body))
			if r.Request.Method != http.MethodHead {
				r.ContentLength = int64(len(body))
				r.Header.Set("Content-Length", strconv.Itoa(len(body)))
			}
			return nil
		},
	}
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isResult := strings.HasPrefix(r.URL.Path, "/assets/") || strings.HasSuffix(r.URL.Path, ".safetensors")
		if !isResult || r.Method != http.MethodGet {
			proxy.ServeHTTP(w, r)
			return
		}
		b.mu.Lock()
		answer := b.served[min(b.took, len(b.served)-1)]
		b.took++
		b.mu.Unlock()
		if answer == nil {
			proxy.ServeHTTP(w, r)
			return
		}
		answer(w)
	}))
	b.Start()
	w.t.Cleanup(b.Close)
	w.env[variable] = b.URL + sandbox.Path
	return b
}

// serve makes the next fetches get these.
func (b *between) serve(served ...func(http.ResponseWriter)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.served, b.took = served, 0
}

func (b *between) fetches() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.took
}

func content(body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { _, _ = io.WriteString(w, body) }
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}
