// What cloudflared says: its address among it.

package tunnel

import (
	"bufio"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
)

const (
	lineMost = 4 << 10 // bytes of a line that are looked at
	// saidMost bounds what is repeated of a complaint, bytes.
	saidMost = 300
)

var (
	// boxed is the line with the address, alone in its frame (cloudflared,
	// quick_tunnel.go, AsciiBox).
	boxed = regexp.MustCompile(`\|\s+(https?://[^\s|]+)\s+\|`)
	// quick is the address of a quick tunnel wherever else it is written.
	quick = regexp.MustCompile(`https://[a-z0-9-]+\.trycloudflare\.com\b`)
	// registered is that the tunnel stands: before, its name needn't exist, and
	// who asks for it too early is told so for long.
	registered = regexp.MustCompile(`(?i)registered tunnel connection|connection [0-9a-f-]+ registered`)
	complaint  = regexp.MustCompile(` (?:ERR|FTL) |^failed to |^error`)
)

// listen reads what the program writes until it ends: the address is the
// tunnel's once its connection stands. It returns the last complaint.
func (t *Tunnel) listen(output io.Reader) (said string) {
	lines := bufio.NewReaderSize(output, lineMost)
	told, stands := "", false
	for {
		line, err := lines.ReadSlice('\n')
		text := string(line)
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long
			_, err = lines.ReadSlice('\n')
		}
		if address := addressIn(text); address != "" {
			told = address
		}
		stands = stands || registered.MatchString(text)
		switch {
		case told != "" && stands:
			t.set(told, nil)
		case told != "":
			t.tell(told)
		}
		if complaint.MatchString(text) {
			said = trimmed(text)
			said = strings.ToValidUTF8(said[:min(len(said), saidMost)], "")
		}
		if err != nil {
			_, _ = io.Copy(io.Discard, output)
			return said
		}
	}
}

// addressIn is the tunnel's address in a line; "" for none.
func addressIn(line string) string {
	var found string
	if match := boxed.FindStringSubmatch(line); match != nil {
		found = match[1]
	} else if found = quick.FindString(line); found == "https://api.trycloudflare.com" { // where it asks for one
		return ""
	}
	u, err := url.Parse(found)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	return strings.TrimRight(found, "/")
}
