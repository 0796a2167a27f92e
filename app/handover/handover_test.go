package handover_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/handover"
	"github.com/maquette-studio/maquette/storage/bounds"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host takes commands for a folder until the test ends, or end is called.
func host(t *testing.T, dir string, run func(context.Context, *handover.Guest) handover.Exit) (end func()) {
	t.Helper()
	listener, err := handover.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { listener.Serve(ctx, run) })
	end = func() {
		cancel()
		work.Wait()
	}
	t.Cleanup(end)
	return end
}

// send hands a command over and returns what it printed.
func send(t *testing.T, dir, in string, args ...string) (exit handover.Exit, out, errs string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	exit, err = handover.Send(t.Context(), dir, handover.Command{
		Args: args, Dir: "/somewhere", Environment: map[string]string{"KEY": " secret\n", "URL": "https://example.com/"},
		ReadLine: func() (string, error) { return in, io.EOF }, Out: &stdout, Err: &stderr,
	})
	return exit, stdout.String(), stderr.String(), err
}

// echo prints its arguments and its input, and ends with code 7.
func echo(_ context.Context, g *handover.Guest) handover.Exit {
	in, err := io.ReadAll(g.In)
	fmt.Fprintf(g.Out, "%q in %s: %s", g.Args, g.Dir, in)
	fmt.Fprint(g.Err, err)
	return handover.Exit{Code: 7}
}

func wantEcho(t *testing.T, dir string) {
	t.Helper()
	exit, out, errs, err := send(t, dir, "a line", "one", "two")
	if err != nil || exit.Code != 7 || out != `["one" "two"] in /somewhere: a line` || errs != "<nil>" {
		t.Errorf("%+v, %q, %q, %v", exit, out, errs, err)
	}
}

func TestACommandIsCarriedOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, _, _, err := send(t, dir, ""); !errors.Is(err, handover.ErrNobody) {
		t.Errorf("before anybody listens: %v", err)
	}
	end := host(t, dir, echo)
	wantEcho(t, dir)
	info, err := os.Lstat(filepath.Join(dir, "maquette.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info.Mode(), err)
	}
	end()
	if _, _, _, err := send(t, dir, ""); !errors.Is(err, handover.ErrNobody) {
		t.Errorf("after the end: %v", err)
	}
}

func TestASocketOfAKilledProcessIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "maquette.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	if _, _, _, err := send(t, dir, ""); !errors.Is(err, handover.ErrNobody) {
		t.Errorf("a stale socket: %v", err)
	}
	host(t, dir, echo)
	wantEcho(t, dir)
}

func TestALongPathHasItsSocketElsewhere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	end := host(t, dir, echo)
	wantEcho(t, dir)
	// A copy of the directory names the socket of the first one.
	copied := t.TempDir()
	named, err := os.ReadFile(filepath.Join(dir, "maquette.sock.path"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, "maquette.sock.path"), named, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := send(t, copied, ""); !errors.Is(err, handover.ErrStranger) {
		t.Errorf("a copied directory: %v", err)
	}
	end()
	if _, err := os.Lstat(string(named)); err == nil {
		t.Error("the socket is left")
	}
	// Who moves to a shorter path is found there.
	short := filepath.Join(t.TempDir(), "short")
	if err := os.Rename(dir, short); err != nil {
		t.Fatal(err)
	}
	host(t, short, echo)
	wantEcho(t, short)
}

func TestMarksTellWhetherValuesDiffer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	host(t, dir, func(_ context.Context, g *handover.Guest) handover.Exit {
		fmt.Fprint(g.Out, g.Differs("KEY", "secret"), g.Differs("KEY", "other"), g.Differs("URL", "https://example.com"), g.Differs("UNSET", "any"), g.Has("UNSET"))
		if strings.Contains(fmt.Sprint(g.Environment), "secret") {
			fmt.Fprint(g.Out, " the secret was sent")
		}
		return handover.Exit{}
	})
	if _, out, _, err := send(t, dir, ""); err != nil || out != "false true false false false" {
		t.Errorf("%q, %v", out, err)
	}
}

func TestAnEndingHostSaysWhatItLeaves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	causes := make(chan error, 1)
	following := make(chan struct{})
	end := host(t, dir, func(ctx context.Context, g *handover.Guest) handover.Exit {
		if err := errors.Join(g.Begin(ctx), g.Follow("j1")); err != nil {
			t.Error(err)
		}
		close(following)
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return handover.Exit{Follows: []string{"j1"}}
	})
	go func() {
		<-following
		end()
	}()
	exit, _, _, err := send(t, dir, "")
	if err != nil || len(exit.Follows) != 1 || !errors.Is(<-causes, handover.ErrEnded) {
		t.Errorf("%+v, %v", exit, err)
	}
}

// raw is a host that says what the test wants.
func raw(t *testing.T, dir string, say func(net.Conn)) {
	t.Helper()
	listener, err := net.Listen("unix", filepath.Join(dir, "maquette.sock"))
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			say(conn)
			conn.Close()
		}
	})
	t.Cleanup(func() {
		listener.Close()
		work.Wait()
	})
}

func frame(kind byte, content string) []byte {
	text := append([]byte{kind}, binary.BigEndian.AppendUint32(nil, uint32(len(content)))...)
	return append(text, content...)
}

func TestOtherHosts(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		says func(dir string) []byte
		want error
	}{
		"a newer one": {func(dir string) []byte { return frame('H', fmt.Sprintf(`{"protocol":99,"dir":%q}`, dir)) }, handover.ErrVersion},
		"garbage":     {func(string) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") }, handover.ErrVersion},
		"no JSON":     {func(string) []byte { return frame('H', "{") }, handover.ErrVersion},
		"too long":    {func(string) []byte { return []byte{'H', 0xff, 0xff, 0xff, 0xff} }, handover.ErrVersion},
		"nothing":     {func(string) []byte { return nil }, handover.ErrNobody},
		"crowded": {func(dir string) []byte {
			return frame('H', fmt.Sprintf(`{"protocol":1,"dir":%q,"crowded":true}`, dir))
		}, handover.ErrCrowded},
		"of another directory": {func(string) []byte { return frame('H', `{"protocol":1,"dir":"/"}`) }, handover.ErrStranger},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			raw(t, dir, func(conn net.Conn) { conn.Write(row.says(dir)) })
			if _, _, _, err := send(t, dir, ""); !errors.Is(err, row.want) {
				t.Errorf("%v instead of %v", err, row.want)
			}
		})
	}
}

func TestALostHost(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		says  []byte
		begun bool
		job   string
	}{
		"before anything":        {frame('e', "About $0.02"), false, ""},
		"once it had begun":      {frame('b', ""), true, ""},
		"following a job":        {append(frame('b', ""), frame('j', "j1")...), true, "j1"},
		"saying what isn't said": {frame('?', ""), false, ""},
		"with a broken end":      {frame('x', "7"), false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			raw(t, dir, func(conn net.Conn) {
				conn.Write(frame('H', fmt.Sprintf(`{"protocol":1,"dir":%q}`, dir)))
				var head [5]byte
				if _, err := io.ReadFull(conn, head[:]); err != nil {
					t.Error(err)
				}
				if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
					t.Error(err)
				}
				conn.Write(row.says)
			})
			_, _, _, err := send(t, dir, "", "run")
			var lost *handover.LostError
			if !errors.As(err, &lost) || lost.Begun != row.begun || strings.Join(lost.Follows, "") != row.job {
				t.Errorf("%+v", err)
			}
		})
	}
}

// hello reads a host's greeting.
func hello(t testing.TB, dir string) net.Conn {
	conn, err := net.Dial("unix", filepath.Join(dir, "maquette.sock"))
	if err != nil {
		t.Fatal(err)
	}
	var head [5]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestAnOrderThatMeansNothingIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	host(t, dir, func(context.Context, *handover.Guest) handover.Exit {
		t.Error("something was carried out")
		return handover.Exit{}
	})
	for _, said := range [][]byte{
		nil, []byte("GET / HTTP/1.1\r\n\r\n"), frame('O', `["one"]`), frame('O', "\xff"), {'O', 0xff, 0xff, 0xff, 0xff}, frame('c', ""), {'O', 0, 0, 0, 9, '{'},
	} {
		conn := hello(t, dir)
		conn.Write(said)
		conn.(*net.UnixConn).CloseWrite()
		if rest, err := io.ReadAll(conn); len(rest) > 0 {
			t.Errorf("after %q: %q, %v", said, rest, err)
		}
		conn.Close()
	}
}

func TestACommandEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	causes := make(chan error)
	host(t, dir, func(ctx context.Context, g *handover.Guest) handover.Exit {
		if g.Args[0] == "begin" {
			causes <- g.Begin(ctx)
			return handover.Exit{}
		}
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return handover.Exit{}
	})
	for name, leave := range map[string]func(net.Conn){
		"it goes":                         func(conn net.Conn) { conn.Close() },
		"it is interrupted":               func(conn net.Conn) { conn.Write(frame('c', "")) },
		"it says what isn't asked":        func(conn net.Conn) { conn.Write(frame('i', "a line")) },
		"it confirms what wasn't begun":   func(conn net.Conn) { conn.Write(frame('k', "")) },
		"it says what a host says":        func(conn net.Conn) { conn.Write(frame('x', "{}")) },
		"it says more than can be stored": func(conn net.Conn) { conn.Write([]byte{'i', 1, 0, 0, 0}) },
	} {
		conn := hello(t, dir)
		conn.Write(frame('O', `{"args":["wait"]}`))
		leave(conn)
		if err := <-causes; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		conn.Close()
	}
	// Nothing begins for a caller that has gone.
	conn := hello(t, dir)
	conn.Write(frame('O', `{"args":["begin"]}`))
	conn.Close()
	if err := <-causes; err == nil {
		t.Error("it began without its caller")
	}
}

func TestNoMoreCommandsAtOnceThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	begun := make(chan struct{}, 64)
	end := host(t, dir, func(ctx context.Context, _ *handover.Guest) handover.Exit {
		begun <- struct{}{}
		<-ctx.Done()
		return handover.Exit{}
	})
	var conns []net.Conn
	for range 64 {
		conn := hello(t, dir)
		conn.Write(frame('O', `{"args":["wait"]}`))
		conns = append(conns, conn)
		<-begun
	}
	if _, _, _, err := send(t, dir, ""); !errors.Is(err, handover.ErrCrowded) {
		t.Errorf("the one too many: %v", err)
	}
	for _, conn := range conns {
		conn.Close()
	}
	end()
}

// Many who connect and say nothing, or half of it, keep nobody out.
func TestACommandGetsThroughASilentCrowd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	host(t, dir, echo)
	for i := range 300 {
		conn := hello(t, dir)
		defer conn.Close()
		conn.Write(frame('O', `{"args":["wait"]}`)[:i%8])
	}
	for range 3 {
		wantEcho(t, dir)
	}
}

func TestACallerThatReadsNothingHoldsNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writing := make(chan struct{})
	end := host(t, dir, func(_ context.Context, g *handover.Guest) handover.Exit {
		close(writing)
		for {
			if _, err := g.Out.Write(make([]byte, 1<<20)); err != nil {
				return handover.Exit{}
			}
		}
	})
	conn := hello(t, dir)
	defer conn.Close()
	conn.Write(frame('O', `{"args":[]}`))
	<-writing
	end() // returns
}

func FuzzWhatACallerSays(f *testing.F) {
	dir, err := os.MkdirTemp("", "fuzz")
	if err != nil {
		f.Fatal(err)
	}
	listener, err := handover.Listen(dir)
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		listener.Serve(ctx, func(ctx context.Context, g *handover.Guest) handover.Exit {
			_ = g.Begin(ctx)
			_, _ = io.ReadAll(g.In)
			return handover.Exit{}
		})
	})
	f.Cleanup(func() {
		cancel()
		work.Wait()
		os.RemoveAll(dir)
	})
	f.Add([]byte{})
	f.Add(append(frame('O', `{"args":["run"],"dir":"/","environment":{"A":"b"}}`), append(frame('k', ""), frame('i', "line")...)...))
	f.Add(append(frame('O', `{}`), frame('c', "")...))
	f.Add([]byte{'O', 0, 32, 0, 0, '{'})
	f.Fuzz(func(t *testing.T, said []byte) {
		bounds.Hold(t, bounds.Text, func() {
			conn := hello(t, dir)
			defer conn.Close()
			conn.Write(said)
			conn.(*net.UnixConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn) // ends
		})
	})
}
