// Carrying out the actions of fault rules.

package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxEndless bounds an endless answer, so that a careless client fills no disk.
const maxEndless = 1 << 30

func (a *action) apply(w http.ResponseWriter, r *http.Request, next http.Handler) {
	switch a.kind {
	case "status", "limit":
		a.answerStatus(w)
	case "reset":
		reset(w)
	case "lost":
		record(r, next)
		reset(w)
	case "stall":
		done := record(r, next)
		select {
		case <-time.After(a.stall):
			done.send(w)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	case "cut":
		record(r, next).cut(w)
	case "garble":
		done := record(r, next)
		for i := range done.body.Bytes() {
			done.body.Bytes()[i] = byte(rand.Uint32())
		}
		done.send(w)
	case "html":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><html><head><title>Just a moment...</title></head><body>Checking your connection</body></html>")
	case "null":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "null")
	case "redirect":
		w.Header().Set("Location", a.target)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case "endless":
		endless(w, r)
	}
}

// answerStatus uses a body as the service writes it.
func (a *action) answerStatus(w http.ResponseWriter) {
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retryAfter))
	}
	text := http.StatusText(a.status)
	if a.service == "assets" || a.service == "bucket" {
		storageError(w, a.status, strings.ReplaceAll(text, " ", ""), text)
		return
	}
	answer(w, a.status, serviceNamed(services(), a.service).errorBody(a.status))
}

// reset ends the connection with a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"detail":"`)
	chunk := []byte(strings.Repeat("and so on ", 6000))
	for sent := 0; sent < maxEndless && r.Context().Err() == nil; sent += len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// recorded is an answer held back.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorded) Header() http.Header { return r.header }

func (r *recorded) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorded) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

// record does the work of a request and holds its answer back.
func record(r *http.Request, next http.Handler) *recorded {
	rec := &recorded{header: http.Header{}}
	next.ServeHTTP(rec, r)
	rec.WriteHeader(http.StatusOK)
	return rec
}

func (r *recorded) begin(w http.ResponseWriter) {
	for k, vs := range r.header {
		w.Header()[k] = vs
	}
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(r.body.Len()))
	}
	w.WriteHeader(r.status)
}

func (r *recorded) send(w http.ResponseWriter) {
	r.begin(w)
	_, _ = w.Write(r.body.Bytes())
}

// cut announces the whole body, sends half of it and closes the connection.
func (r *recorded) cut(w http.ResponseWriter) {
	r.begin(w)
	_, _ = w.Write(r.body.Bytes()[:r.body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
