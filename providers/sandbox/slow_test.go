package sandbox_test

import (
	"io"
	"net"
	"net/url"
	"testing"
)

// Many who send slowly, or nothing, keep nobody out who asks in earnest; and they
// don't hold up the end.
func TestAnHonestRequestGetsThroughASlowCrowd(t *testing.T) {
	t.Parallel()
	var slow []net.Conn
	t.Cleanup(func() {
		for _, conn := range slow {
			conn.Close()
		}
	})
	s := start(t) // ends while they are still there
	for name, door := range doors(t, s) {
		if name != "dreamlook" && name != "a photo" && name != "bucket" {
			continue // the others are behind the same listeners
		}
		at, err := url.Parse(door.url)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 600 {
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", at.Host)
			if err != nil {
				t.Fatal(err)
			}
			slow = append(slow, conn)
			begun := []string{
				"", "GET " + at.RequestURI() + " HTTP/1.1\r\nHost: " + at.Host + "\r\nX-Slow: ",
				"POST " + at.Path + " HTTP/1.1\r\nHost: " + at.Host + "\r\nContent-Length: 60000\r\n\r\n{", "GET / HTTP/1.1\r\nHost: " + at.Host + "\r\n\r\n",
			}[i%4]
			_, _ = io.WriteString(conn, begun) // it may have had to go already
		}
		if got := asks(t, "GET", door.url, at.Host, door.header); got.status != 200 {
			t.Errorf("%s: %d, %s", name, got.status, got.body)
		}
	}
}
