//go:build unix

package tunnel

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheAddressIsReadFromWhatTheProgramSays(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"2026-11-28T00:00:01Z INF |  https://seasonal-deck-organisms-sf.trycloudflare.com                                      |\n": "https://seasonal-deck-organisms-sf.trycloudflare.com",
		"INF your url is https://a-b-c.trycloudflare.com, enjoy\n":                                                                  "https://a-b-c.trycloudflare.com",
		`ERR failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: no route` + "\n":                "",
		"INF Thank you … by following: https://developers.cloudflare.com/cloudflare-one/connections/connect-apps\n":                 "",
		"INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |\n":                      "",
		"INF |  https://user:word@x.trycloudflare.com   |\n":                                                                        "",
		"INF |  http://127.0.0.1:4711   |\n":                                                                                        "http://127.0.0.1:4711",
		"INF Settings: map[ha-connections:1 protocol:quic url:http://127.0.0.1:8080]\n":                                             "",
		strings.Repeat("x", 9000) + " https://x.trycloudflare.com\n":                                                                "https://x.trycloudflare.com",
	} {
		if got := addressIn(line); got != want {
			t.Errorf("%.100q gives %q instead of %q", line, got, want)
		}
	}
}

// started starts a script in the program's place.
func started(t *testing.T, script string) *Tunnel {
	t.Helper()
	program := filepath.Join(t.TempDir(), "cloudflared")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	running := Start(program, "http://127.0.0.1:1", os.Getenv, func(d time.Duration) time.Duration { return d / 1000 })
	t.Cleanup(running.Stop)
	return running
}

func TestWhatTheProgramComplainsOfIsSaid(t *testing.T) {
	t.Parallel()
	running := started(t, `echo '2026-11-28T00:00:00Z ERR Error unmarshaling QuickTunnel response: error code: 1015' >&2; exit 1`)
	_, err := running.Address(t.Context())
	if err == nil || !strings.Contains(err.Error(), "error code: 1015") || strings.Contains(err.Error(), "2026") {
		t.Errorf("it says %v", err)
	}
}

// One that floods, writes without line ends, and leaves a child behind that holds its output open, is read, bounded and
// ended all the same.
func TestAProgramThatFloodsIsReadAndEnded(t *testing.T) {
	t.Parallel()
	running := started(t, `sleep 1000 & head -c 3000000 /dev/zero | tr '\0' x; echo; echo 'INF |  https://x.trycloudflare.com  |'; echo 'INF Registered tunnel connection'; exec sleep 1000`)
	address, err := running.Address(t.Context())
	if err != nil || address != "https://x.trycloudflare.com" || running.Now() != address {
		t.Error(address, err)
	}
	running.Stop()
	if running.Now() != "" {
		t.Error("there is an address after its end")
	}
}

func TestTheProgramIsStartedAgain(t *testing.T) {
	t.Parallel()
	running := started(t, `cd "$(dirname "$0")"; [ -e once ] || { touch once; echo 'x ERR no luck' >&2; exit 1; }; echo 'INF |  https://y.trycloudflare.com  |'; echo 'INF Registered tunnel connection'; exec sleep 1000`)
	address := ""
	for address == "" {
		address, _ = running.Address(t.Context())
	}
	if address != "https://y.trycloudflare.com" {
		t.Error(address)
	}
}

func TestTheProgramIsGivenNoKey(t *testing.T) {
	t.Parallel()
	env := environment(func(name string) string { return "of " + name })
	for _, entry := range env {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "TUNNEL") || strings.HasPrefix(name, "MAQUETTE") || strings.HasSuffix(name, "KEY") || strings.HasSuffix(name, "TOKEN") {
			t.Errorf("%s is given", name)
		}
	}
	if !slices.Contains(env, "PATH=of PATH") {
		t.Error(env)
	}
}

func TestTheProgramIsFoundWhereItIsNamed(t *testing.T) {
	t.Parallel()
	named := filepath.Join(t.TempDir(), "cloudflared")
	env := func(string) string { return named }
	if _, err := Find(env); err == nil {
		t.Error("one that isn't there is found")
	}
	if err := os.WriteFile(named, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if found, err := Find(env); err != nil || found != named {
		t.Error(found, err)
	}
}
