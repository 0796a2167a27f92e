// A service that puts the worst into every text, for what shows or keeps what it
// says.

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	// worstLong is how long the first text is the first time that something is
	// asked, bytes.
	worstLong = 5 << 20
	worstLink = "https://here.example/x?X-Amz-Signature=hidden"
	// noText becomes bytes that are no UTF-8.
	noText = "NOT-TEXT"
)

// oneWord is what a program reads: an id, a state, a link.
var oneWord = regexp.MustCompile(`^\S*$`)

// Poisoner stands before services and adds the worst to each text of their
// answers: secrets, what renames a terminal's window, colours it or turns its
// writing, NULs, what is no UTF-8, and a signed link.
type Poisoner struct {
	Secrets []string // repeated
	All     bool     // also texts of one word, which a program reads
	// Status, where it isn't 0, makes each answer a refusal with it.
	Status atomic.Int32

	seen sync.Map // what was answered at length before
}

// Before returns an address that leads to a service's own, with the worst in the
// answers, until the test ends.
func (p *Poisoner) Before(t testing.TB, address string) string {
	t.Helper()
	behind, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var here string
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = behind.Scheme, behind.Host, behind.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error { return p.poison(r, behind.Host, here) },
	})
	t.Cleanup(server.Close)
	here = strings.TrimPrefix(server.URL, "http://")
	return server.URL + behind.Path
}

func (p *Poisoner) poison(r *http.Response, from, to string) error {
	body, err := io.ReadAll(r.Body)
	var answer any
	if err != nil || json.Unmarshal(body, &answer) != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		return err
	}
	status := int(p.Status.Load())
	length := worstLong
	if _, again := p.seen.LoadOrStore(fmt.Sprint(r.Request.Method, r.Request.URL.Path, status), true); again {
		length = 0
	}
	body, err = json.Marshal(p.worsened(answer, &length))
	body = bytes.ReplaceAll(body, []byte(noText), []byte("\xff\xfe"))
	body = bytes.ReplaceAll(body, []byte(from), []byte(to))
	if status != 0 {
		r.StatusCode = status
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return err
}

// worsened is a JSON value with the worst in its texts; the first is length
// bytes long.
func (p *Poisoner) worsened(value any, length *int) any {
	switch value := value.(type) {
	case string:
		if !p.All && oneWord.MatchString(value) {
			return value
		}
		worst := strings.Join(p.Secrets, " ") + "\x1b]0;owned\x07\u009b31m\u202egpj.exe\x00\r" + noText + " " + worstLink + " "
		text := value + " " + worst + strings.Repeat(" and so on", *length/10)
		*length = 0
		return text
	case []any:
		for i := range value {
			value[i] = p.worsened(value[i], length)
		}
	case map[string]any:
		for name := range value {
			value[name] = p.worsened(value[name], length)
		}
	}
	return value
}
