// How slow a transfer may be.

package network

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Pace is the slowest that a body may come or go: fewer than Speed bytes a
// second over Window end the transfer, as does nothing at all for Stall. So a
// body of S bytes takes S/Speed and Window at most. Only the time that is
// spent on the network counts.
type Pace struct {
	Speed         int64 // bytes a second
	Window, Stall time.Duration
}

// Floor is what the slowest honest connection, a mobile one at the edge of its
// cell, still does.
var Floor = Pace{Speed: 1024, Window: time.Minute, Stall: 30 * time.Second}

func (p Pace) orFloor() Pace {
	return Pace{cmp.Or(p.Speed, Floor.Speed), cmp.Or(p.Window, Floor.Window), cmp.Or(p.Stall, Floor.Stall)}
}

// SlowError is that a body came or went too slowly.
type SlowError struct {
	Speed int64 // bytes a second lately; 0 for a body that stopped
}

// Error says how slow.
func (s *SlowError) Error() string {
	if s.Speed == 0 {
		return "no bytes arrived"
	}
	return fmt.Sprintf("only %d bytes a second arrived", s.Speed)
}

// watch measures a body that is moved by calls of begin and end around each
// wait for the network, and cancels the request when it is too slow. It works
// like a bucket that leaks: waiting fills it, and each byte takes out the time
// that it may have cost.
type watch struct {
	pace   Pace
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	timer  *time.Timer
	begun  time.Time     // of the wait under way; zero for none
	lag    time.Duration // waited beyond what the bytes were worth
	waited time.Duration // since lag was nothing
	bytes  int64         // since then
}

func newWatch(cancel context.CancelCauseFunc, pace Pace) *watch {
	w := &watch{pace: pace.orFloor(), cancel: cancel}
	w.timer = time.AfterFunc(w.pace.Stall, w.late)
	w.timer.Stop()
	return w
}

// begin begins to wait for the network.
func (w *watch) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun = time.Now()
	w.timer.Reset(min(w.pace.Stall, w.pace.Window-w.lag))
}

// end says what the wait came to.
func (w *watch) end(bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun.IsZero() {
		return
	}
	w.timer.Stop()
	took := time.Since(w.begun)
	w.begun = time.Time{}
	w.waited += took
	w.bytes += int64(bytes)
	w.lag += took - time.Duration(bytes)*time.Second/time.Duration(w.pace.Speed)
	switch {
	case w.lag <= 0:
		w.lag, w.waited, w.bytes = 0, 0, 0
	case w.lag >= w.pace.Window:
		w.cancel(w.slow())
	}
}

// late ends the request in the middle of a wait.
func (w *watch) late() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun.IsZero() {
		return
	}
	if waiting := time.Since(w.begun); waiting < w.pace.Stall {
		w.waited += waiting
		w.cancel(w.slow())
		return
	}
	w.cancel(&SlowError{})
}

func (w *watch) slow() *SlowError {
	return &SlowError{Speed: int64(float64(w.bytes) / max(w.waited.Seconds(), 1e-3))}
}

// download is an answer's body with a floor of speed. Closing it ends the
// request.
type download struct {
	body   io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	watch  *watch
}

func watchDownload(ctx context.Context, cancel context.CancelCauseFunc, body io.ReadCloser, pace Pace) io.ReadCloser {
	return &download{body: body, ctx: ctx, cancel: cancel, watch: newWatch(cancel, pace)}
}

// Read reads from the body.
func (d *download) Read(p []byte) (int, error) {
	d.watch.begin()
	n, err := d.body.Read(p)
	d.watch.end(n)
	slow := (*SlowError)(nil)
	if err != nil && !errors.Is(err, io.EOF) && errors.As(context.Cause(d.ctx), &slow) {
		err = slow
	}
	return n, err
}

// Close ends the request.
func (d *download) Close() error {
	err := d.body.Close()
	d.watch.end(0)
	d.cancel(nil)
	return err
}

// watchUpload gives a request's body the floor of speed.
func (t *Transport) watchUpload(r *http.Request, cancel context.CancelCauseFunc) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	watched := func(body io.ReadCloser) io.ReadCloser {
		return &upload{body: body, left: r.ContentLength, watch: newWatch(cancel, t.options.Floor)}
	}
	r.Body = watched(r.Body)
	if again := r.GetBody; again != nil {
		r.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			if err != nil {
				return nil, err
			}
			return watched(body), nil
		}
	}
}

// upload is a request's body with a floor of speed: what is waited for is the
// network taking what was read before.
type upload struct {
	body  io.ReadCloser
	left  int64 // bytes that are still to be read; below 0 when unknown
	watch *watch

	last int // bytes of the last read
}

// Read reads from the body.
func (u *upload) Read(p []byte) (int, error) {
	u.watch.end(u.last)
	n, err := u.body.Read(p)
	u.last = n
	u.left -= int64(n)
	if err == nil && u.left != 0 {
		u.watch.begin()
	}
	return n, err
}

// Close ends what is measured.
func (u *upload) Close() error {
	u.watch.end(u.last)
	return u.body.Close()
}
