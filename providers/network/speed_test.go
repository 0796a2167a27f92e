package network_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maquette-studio/maquette/providers/network"
)

// piped is a transport whose one connection is a pipe to serve, in a bubble of
// made-up time.
func piped(t *testing.T, header time.Duration, serve func(conn net.Conn)) *network.Transport {
	nothing := func(context.Context, string, string) ([]netip.Addr, error) { return nil, errors.New("no names here") }
	n := network.New(func(string) string { return "" }, nothing, func(context.Context, string, string, network.Judge) (net.Conn, error) {
		here, there := net.Pipe()
		go func() { defer there.Close(); serve(there) }()
		return here, nil
	})
	transport := n.NewTransport(network.Options{HeaderTimeout: header})
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// readRequest reads a request's header, byte by byte so that its body stays.
func readRequest(conn net.Conn) {
	var header []byte
	for b := make([]byte, 1); !bytes.HasSuffix(header, []byte("\r\n\r\n")); header = append(header, b...) {
		if _, err := conn.Read(b); err != nil {
			return
		}
	}
}

// drip writes so many bytes, some at a time, with a pause before each.
func drip(w io.Writer, total, at int, pause time.Duration) {
	for sent := 0; sent < total; sent += at {
		time.Sleep(pause)
		if _, err := io.WriteString(w, strings.Repeat("a", min(at, total-sent))); err != nil {
			return
		}
	}
}

const many = 10 << 20 // bytes

func TestADownloadHasAFloorOfSpeed(t *testing.T) {
	for _, row := range []struct {
		name  string
		sends func(w io.Writer)
		slow  int64 // bytes a second that are told; -1 when it arrives
		after time.Duration
	}{
		{"a byte a second", func(w io.Writer) { drip(w, many, 1, time.Second) }, 1, time.Minute},
		{"two kilobytes every 25 seconds", func(w io.Writer) { drip(w, many, 2048, 25*time.Second) }, 64, time.Minute},
		{"a fast beginning, then a byte a second", func(w io.Writer) { drip(w, 9<<20, 1<<20, time.Second); drip(w, many-9<<20, 1, time.Second) }, 1, time.Minute},
		{"a beginning, then nothing", func(w io.Writer) { drip(w, 1000, 1000, time.Second); time.Sleep(time.Hour) }, 0, 30 * time.Second},
		{"nothing at all", func(io.Writer) { time.Sleep(time.Hour) }, 0, 30 * time.Second},
		{"slow and honest", func(w io.Writer) { drip(w, many, 1500, time.Second) }, -1, time.Hour},
		{"gaps of twenty seconds", func(w io.Writer) { drip(w, many, 1<<20, 20*time.Second) }, -1, 3 * time.Minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := piped(t, 0, func(conn net.Conn) {
					readRequest(conn)
					fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", many)
					row.sends(conn)
				})
				request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", http.NoBody)
				response, err := transport.RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				n, err := io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				var slow *network.SlowError
				if row.slow < 0 {
					if err != nil || n != many {
						t.Errorf("%d bytes after %v: %v", n, time.Since(began), err)
					}
					return
				}
				if !errors.As(err, &slow) || slow.Speed < row.slow-1 || slow.Speed > row.slow+1 {
					t.Errorf("got %v, want %d bytes a second", err, row.slow)
				}
				if took := time.Since(began); took > row.after+20*time.Second {
					t.Errorf("it took %v", took)
				}
				time.Sleep(2 * time.Hour) // the server is through as well
			})
		})
	}
}

func TestOnlyTheNetworksTimeCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := piped(t, 0, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"+strings.Repeat("a", 20000))
		})
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", http.NoBody)
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		for range 20 {
			time.Sleep(5 * time.Minute) // a full disk, a laptop that sleeps
			if _, err := io.ReadFull(response.Body, make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAHeaderThatDripsEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := piped(t, 30*time.Second, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Drip: ")
			drip(conn, many, 1, time.Second)
		})
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", http.NoBody)
		began := time.Now()
		if _, err := transport.RoundTrip(request); err == nil || time.Since(began) > time.Minute {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		time.Sleep(time.Hour) // the server is through as well
	})
}

func TestAnUploadHasAFloorOfSpeed(t *testing.T) {
	for _, row := range []struct {
		name  string
		takes func(r io.Reader)
		slow  bool
	}{
		{"a byte a second", func(r io.Reader) { take(r, 1, time.Second) }, true},
		{"nothing", func(io.Reader) { time.Sleep(time.Hour) }, true},
		{"slow and honest", func(r io.Reader) { take(r, 3000, time.Second) }, false},
		{"at once, and a late answer", func(r io.Reader) { take(r, 1<<20, 0); time.Sleep(5 * time.Minute) }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := piped(t, 0, func(conn net.Conn) {
					readRequest(conn)
					row.takes(io.LimitReader(conn, 1<<20))
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				})
				request, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://127.0.0.1/", bytes.NewReader(make([]byte, 1<<20)))
				began := time.Now()
				response, err := transport.RoundTrip(request)
				if err == nil {
					_ = response.Body.Close()
				}
				if slow := errors.As(err, new(*network.SlowError)); slow != row.slow || !slow && err != nil {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// take reads some bytes at a time until there are no more.
func take(r io.Reader, at int, pause time.Duration) {
	for b := make([]byte, at); ; time.Sleep(pause) {
		if _, err := io.ReadFull(r, b); err != nil {
			return
		}
	}
}

// A SOCKS client that talks to an HTTP proxy waits for ever.
func TestAProxyThatSaysNothingIsSaid(t *testing.T) {
	for _, kind := range []string{"http", "socks5"} {
		synctest.Test(t, func(t *testing.T) {
			nothing := func(context.Context, string, string) ([]netip.Addr, error) { return nil, errors.New("no names here") }
			n := network.New(func(string) string { return kind + "://127.0.0.1:8080" }, nothing, func(context.Context, string, string, network.Judge) (net.Conn, error) {
				here, there := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, there) }()
				return here, nil
			})
			transport := n.NewTransport(network.Options{})
			defer transport.CloseIdleConnections()
			request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example.com/", http.NoBody)
			began := time.Now()
			if _, err := transport.RoundTrip(request); !errors.As(err, new(*network.ProxyError)) || time.Since(began) > time.Minute {
				t.Errorf("%s: after %v: %v", kind, time.Since(began), err)
			}
			time.Sleep(5 * time.Minute) // what was tried is given up
		})
	}
}
