package callbacks_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// Many who send slowly, or nothing, keep nobody out who calls back in earnest.
func TestAnHonestCallGetsThroughASlowCrowd(t *testing.T) {
	t.Parallel()
	for name, begun := range map[string]string{
		"nothing":     "",
		"slow header": "POST /hooks/secret HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"slow body":   "POST /hooks/other HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{",
		"idle":        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := listening(t, map[string]string{"job-1": "secret"})
			r.Follow()
			for range 330 {
				conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.address)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_, _ = io.WriteString(conn, begun) // it may have had to go already
			}
			// Long before as many as these have been given up on in turn.
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.address+"/hooks/secret", nil)
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK || r.wakes() != 1 {
				t.Error(fmt.Sprint(response.Status, r.wakes()))
			}
		})
	}
}
