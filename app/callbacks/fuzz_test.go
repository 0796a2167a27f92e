package callbacks_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzCalls sends anything to the receiver: nothing but its path wakes a job,
// and it answers the next caller.
func FuzzCalls(f *testing.F) {
	for _, seed := range []string{
		"POST /hooks/SECRET2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{\"a\":", "POST /SECRET1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
		"GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01", "POST /%53ECRET1%00 HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST /hooks/../SECRET HTTP/1.1\r\nHost:\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	const path = "SECRET1-OF-A-HUNDRED-AND-THIRTY-BITS"
	r := listening(f, map[string]string{"j1": path})
	if r.Address(path) == "" {
		f.Fatal("the receiver doesn't listen")
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		if strings.Contains(string(said), "THIRTY") {
			return
		}
		bounds.Hold(t, bounds.Text, func() {
			conn, err := net.Dial("tcp", r.address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = conn.Write(said) // it may have been refused by then
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
			_, _ = io.Copy(io.Discard, conn)
			if woken := r.wakes(); woken > 0 {
				t.Errorf("%q wakes %d jobs", said, woken)
			}
			if status := r.call(t, http.MethodGet, "/"); status != http.StatusNotFound {
				t.Errorf("the next is answered %d", status)
			}
		})
	})
}
