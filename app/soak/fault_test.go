// What can become of a request.

package soak_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// lateness is how much quicker than in life a request that is late is given up in these tests; delays are as much
// shorter.
const lateness = 0.006

// fault is one thing that can become of a request.
type fault struct {
	name string
	do   func(x *exchange, w http.ResponseWriter)
	slow bool // the program waits for half a minute or more
}

// rank puts slow faults behind quick ones.
func (f fault) rank() int {
	if f.slow {
		return 1
	}
	return 0
}

var passing = fault{name: "none", do: func(x *exchange, w http.ResponseWriter) { x.forward().send(w) }}

// statuses are the ways to say no; each comes without the request having been taken.
var statuses = []int{
	400, 401, 402, 403, 404, 405, 408, 409, 410, 412, 413, 415, 418, 422, 423, 425, 429, 451,
	500, 501, 502, 503, 504, 507, 511, 520, 522, 524, 529, 599,
}

// faults are all of them.
func faults() []fault {
	all := []fault{
		{name: "429 with Retry-After", do: func(_ *exchange, w http.ResponseWriter) { refuse(w, 429, 1) }},
		{name: "503 with Retry-After", do: func(_ *exchange, w http.ResponseWriter) { refuse(w, 503, 1) }},
		resetBefore, resetAfter,
		{name: "stalls, not taken", slow: true, do: func(x *exchange, _ http.ResponseWriter) { x.stall() }},
		{name: "stalls, taken", slow: true, do: func(x *exchange, _ http.ResponseWriter) { x.forward(); x.stall() }},
		{name: "drips", slow: true, do: drip},
		{name: "cut", do: func(x *exchange, w http.ResponseWriter) { cut(x.forward(), w) }},
		changing("garbled", "application/json", func(b []byte) []byte {
			return bytes.Map(func(r rune) rune { return (r*31 + 7) % 256 }, b)
		}),
		changing("a web page", "text/html", func([]byte) []byte { return []byte("<!doctype html><title>Just a moment…</title>") }),
		changing("empty", "application/json", func([]byte) []byte { return nil }),
		changing("null", "application/json", func([]byte) []byte { return []byte("null") }),
		changing("another type", "application/json", func([]byte) []byte { return []byte(`["a list"]`) }),
		changing("an error with 200", "application/json", func([]byte) []byte {
			return []byte(`{"error":{"code":500,"message":"Internal error"},"detail":"Internal error"}`)
		}),
		{name: "gzip of nothing", do: func(x *exchange, w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			changing("", "application/json", func([]byte) []byte { return []byte("\x1f\x8b no gzip at all") }).do(x, w)
		}},
		{name: "endless", do: endless},
		{name: "redirected elsewhere", do: func(_ *exchange, w http.ResponseWriter) { redirect(w, 307, "https://elsewhere.example.com/") }},
		{name: "redirected to itself", do: func(x *exchange, w http.ResponseWriter) { redirect(w, 307, x.URL.RequestURI()) }},
		{name: "redirected as GET", do: func(x *exchange, w http.ResponseWriter) { redirect(w, 302, x.URL.RequestURI()) }},
		late("504", 20*time.Second, func(w http.ResponseWriter) { refuse(w, 504, 0) }),
		late("504", 45*time.Second, func(w http.ResponseWriter) { refuse(w, 504, 0) }),
		late("502", 5*time.Minute, func(w http.ResponseWriter) { refuse(w, 502, 0) }),
		late("reset", 20*time.Second, reset),
		late("reset", 45*time.Second, reset),
	}
	for _, status := range statuses {
		all = append(all, fault{name: strconv.Itoa(status), do: func(_ *exchange, w http.ResponseWriter) { refuse(w, status, 0) }})
	}
	return all
}

var (
	resetBefore = fault{name: "reset, not taken", do: func(_ *exchange, w http.ResponseWriter) { reset(w) }}
	resetAfter  = fault{name: "reset, taken", do: func(x *exchange, w http.ResponseWriter) { x.forward(); reset(w) }}
)

// refuse says no in the services' shape.
func refuse(w http.ResponseWriter, status, retryAfter int) {
	if retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"detail":"status %d"}`, status)
}

func redirect(w http.ResponseWriter, status int, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// late is a request that is taken a time after its sender was told otherwise.
func late(told string, after time.Duration, tells func(http.ResponseWriter)) fault {
	return fault{name: fmt.Sprintf("%s, taken %v later", told, after), do: func(x *exchange, w http.ResponseWriter) {
		x.later(time.Duration(float64(after) * lateness))
		tells(w)
	}}
}

// changing takes the request and answers with something else of its answer.
func changing(name, contentType string, change func([]byte) []byte) fault {
	return fault{name: name, do: func(x *exchange, w http.ResponseWriter) {
		a := x.forward()
		if a == nil {
			reset(w)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(a.status)
		_, _ = w.Write(change(a.body))
	}}
}

// cut announces the whole answer and sends half of it.
func cut(a *answer, w http.ResponseWriter) {
	if a == nil {
		reset(w)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(max(len(a.body), 2)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// stall answers nothing until the sender gives up.
func (x *exchange) stall() {
	select {
	case <-x.Context().Done():
	case <-x.front.gone:
	}
	panic(http.ErrAbortHandler)
}

// drip sends a byte a second.
func drip(x *exchange, w http.ResponseWriter) {
	a := x.forward()
	if a == nil {
		reset(w)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	for _, b := range a.body {
		if _, err := w.Write([]byte{b}); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-time.After(time.Second):
		case <-x.Context().Done():
			panic(http.ErrAbortHandler)
		case <-x.front.gone:
			panic(http.ErrAbortHandler)
		}
	}
}

// endless sends more than anybody should read.
func endless(x *exchange, w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	chunk := []byte(`{"detail":"` + strings.Repeat("and so on ", 6000))
	for sent := 0; sent < 512<<20 && x.Context().Err() == nil; sent += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// badNetwork is what a network does now and then, and how often.
func badNetwork(chance *rand.Rand, oneIn int) func(*exchange) fault {
	return func(*exchange) fault { // front.mu is held
		lag := between(chance, 0, 60*time.Millisecond)
		bad := fault{do: func(x *exchange, w http.ResponseWriter) { x.forward().send(w) }}
		if chance.IntN(oneIn) == 0 {
			hold := between(chance, 0, 700*time.Millisecond)
			bad = []fault{
				resetBefore, resetAfter,
				{do: func(x *exchange, w http.ResponseWriter) { x.forward(); time.Sleep(hold); reset(w) }},
				{do: func(x *exchange, w http.ResponseWriter) { x.later(hold); reset(w) }},
				{do: func(x *exchange, w http.ResponseWriter) { x.later(hold); refuse(w, 504, 0) }},
				{do: func(_ *exchange, w http.ResponseWriter) { time.Sleep(hold); refuse(w, 503, 0) }},
				{do: func(x *exchange, w http.ResponseWriter) { cut(x.forward(), w) }},
			}[chance.IntN(7)]
		}
		return fault{name: "lag", do: func(x *exchange, w http.ResponseWriter) {
			time.Sleep(lag)
			bad.do(x, w)
		}}
	}
}
