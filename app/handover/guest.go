// A command of another process, as its host sees it.

package handover

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Guest is a command that another process has handed over. In, Out and Err are
// the caller's streams; of In there is one line.
type Guest struct {
	Order
	In       io.Reader
	Out, Err io.Writer

	conn  net.Conn
	nonce string
	begun atomic.Bool
	told  atomic.Bool   // the caller was told that it begins
	known chan struct{} // and has confirmed it
	asked atomic.Bool   // a line of input is wanted
	lines chan []byte

	writing sync.Mutex
}

func newGuest(conn net.Conn, nonce string) *Guest {
	g := &Guest{conn: conn, nonce: nonce, known: make(chan struct{}, 1), lines: make(chan []byte, 1)}
	g.Out, g.Err = output{g, kindOut}, output{g, kindErr}
	return g
}

// serve runs the command and tells the caller how it ended. The command's
// context ends when the caller goes, and when ctx does.
func (g *Guest) serve(ctx context.Context, run func(context.Context, *Guest) Exit) {
	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g.In = &input{ctx: work, guest: g}
	var reading sync.WaitGroup
	reading.Go(func() { stop(g.read()) })
	ended := make(chan struct{})
	// A caller that reads nothing doesn't hold the host's end.
	unhold := context.AfterFunc(ctx, func() {
		select {
		case <-ended:
		case <-time.After(endPatience):
			g.conn.Close()
		}
	})
	defer unhold()
	exit := run(work, g)
	_ = g.sendJSON(kindExit, exit) // to a caller that may have gone
	close(ended)
	g.conn.Close()
	reading.Wait()
}

// read takes what the caller says while the command runs, until it is
// cancelled or the caller goes.
func (g *Guest) read() error {
	for {
		f, err := readFrame(g.conn, kindInput, kindKnown, kindCancel)
		if err != nil || f.kind == kindCancel {
			return context.Canceled
		}
		switch {
		case f.kind == kindKnown && g.told.Load():
			select {
			case g.known <- struct{}{}:
			default:
			}
		case f.kind == kindInput && g.asked.CompareAndSwap(true, false):
			g.lines <- f.content
		default:
			return context.Canceled
		}
	}
}

// Begin tells the caller that from here on something may be changed or sent,
// and waits until it knows. The error is why nothing may.
func (g *Guest) Begin(ctx context.Context) error {
	if g.told.Swap(true) {
		return nil
	}
	if err := g.send(kindBegin, nil); err != nil {
		return err
	}
	select {
	case <-g.known:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	g.begun.Store(true)
	return nil
}

// Begun reports whether something may have been changed or sent.
func (g *Guest) Begun() bool { return g.begun.Load() }

// Follow tells the caller that the command follows a job.
func (g *Guest) Follow(job string) error { return g.send(kindJob, []byte(job)) }

// Differs reports whether the caller's environment has a variable whose value
// is another than the one that is used here.
func (g *Guest) Differs(variable, used string) bool {
	marked, has := g.Environment[variable]
	return has && marked != mark(g.nonce, variable, plain(used))
}

// Has reports whether the caller's environment has a variable.
func (g *Guest) Has(variable string) bool {
	_, has := g.Environment[variable]
	return has
}

// plain is a value without what makes no difference: space around it, and an
// address's last slash.
func plain(value string) string { return strings.TrimRight(strings.TrimSpace(value), "/") }

func (g *Guest) send(k kind, content []byte) error {
	g.writing.Lock()
	defer g.writing.Unlock()
	if err := g.conn.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	return writeFrame(g.conn, k, content)
}

func (g *Guest) sendJSON(k kind, v any) error {
	g.writing.Lock()
	defer g.writing.Unlock()
	if err := g.conn.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	return writeJSON(g.conn, k, v)
}

// output is the caller's stdout or stderr.
type output struct {
	guest *Guest
	kind  kind
}

func (o output) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		part := p[:min(len(p), maxFrame)]
		if err := o.guest.send(o.kind, part); err != nil {
			return n, err
		}
		n += len(part)
		p = p[len(part):]
	}
	return n, nil
}

// input is the first line of the caller's standard input, read there once it
// is wanted here.
type input struct {
	ctx   context.Context
	guest *Guest
	line  []byte
	read  bool
}

func (in *input) Read(p []byte) (int, error) {
	if !in.read {
		in.read = true
		in.guest.asked.Store(true)
		if err := in.guest.send(kindRead, nil); err != nil {
			return 0, err
		}
		select {
		case in.line = <-in.guest.lines:
		case <-in.ctx.Done():
			return 0, context.Cause(in.ctx)
		}
	}
	if len(in.line) == 0 {
		return 0, io.EOF
	}
	n := copy(p, in.line)
	in.line = in.line[n:]
	return n, nil
}
