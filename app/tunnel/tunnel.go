// Package tunnel runs an installed cloudflared, which gives this computer a
// public address without an account (Cloudflare Tunnel docs, TryCloudflare
// “quick tunnels”), for as long as it is wanted. The address is another one each
// time that the program starts.
package tunnel

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// programEnv says where the program is, where it isn't found by itself.
const programEnv = "MAQUETTE_CLOUDFLARED"

const (
	patience = 40 * time.Second // until the program tells its address
	// leaving is how long the program's own children may keep its output open.
	leaving = time.Second
	// believed is when an address is taken for good without word of a connection.
	believed     = 8 * time.Second
	againFirst   = time.Second // between two starts of a program that ends
	againMost    = time.Minute
	aliveForLong = 5 * time.Minute // after so long the next start is like the first
)

// ErrMissing is that cloudflared isn't installed.
var ErrMissing = providers.Errorf("cloudflared is not installed, or not where programs are looked for")

// Find is where the program lies: where the environment says, on the path, or
// where its installers and package managers put it.
func Find(env func(string) string) (string, error) {
	if named := env(programEnv); named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", ErrMissing
		}
		return named, nil
	}
	if found, err := exec.LookPath("cloudflared"); err == nil {
		return filepath.Abs(found)
	}
	for _, place := range usualPlaces(runtime.GOOS) {
		if info, err := os.Stat(place); err == nil && !info.IsDir() {
			return place, nil
		}
	}
	return "", ErrMissing
}

// usualPlaces are off the path of programs that are started from a desktop.
func usualPlaces(system string) []string {
	switch system {
	case "darwin":
		return []string{"/opt/homebrew/bin/cloudflared", "/usr/local/bin/cloudflared"}
	case "windows":
		return []string{`C:\Program Files\cloudflared\cloudflared.exe`, `C:\Program Files (x86)\cloudflared\cloudflared.exe`}
	}
	return []string{"/usr/local/bin/cloudflared", "/snap/bin/cloudflared"}
}

// Tunnel is a running cloudflared, started again whenever it ends.
type Tunnel struct {
	program, target string
	env             []string
	scaled          func(time.Duration) time.Duration

	stop context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	address string // "" while there is none
	told    string // an address whose connection isn't known to stand
	toldAt  time.Time
	trouble error         // why the last start came to nothing
	changed chan struct{} // closed when one of them changes
}

// Start starts the program, which hands requests on to target, such as
// http://127.0.0.1:8711, until Stop. getenv is where the few variables are read
// that it is given; scaled is a wait between two starts, as the studio's tempo
// makes it.
func Start(program, target string, getenv func(string) string, scaled func(time.Duration) time.Duration) *Tunnel {
	ctx, stop := context.WithCancel(context.Background())
	t := &Tunnel{program: program, target: target, env: environment(getenv), scaled: scaled, stop: stop, changed: make(chan struct{})}
	t.work.Go(func() { t.keepRunning(ctx) })
	return t
}

// Stop ends the program and waits for it.
func (t *Tunnel) Stop() {
	t.stop()
	t.work.Wait()
}

// Now is the address at this moment; "" while there is none.
func (t *Tunnel) Now() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now()
}

// now is Now; t.mu is held.
func (t *Tunnel) now() string {
	if t.address == "" && t.told != "" && time.Since(t.toldAt) >= believed {
		return t.told
	}
	return t.address
}

// Address waits for the address. The error says why there is none, in the
// program's own words where it had any; what it waited for may still come.
func (t *Tunnel) Address(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSilent)
	defer cancel()
	for {
		t.mu.Lock()
		address, trouble, changed := t.now(), t.trouble, t.changed
		later := time.NewTimer(believed)
		t.mu.Unlock()
		if address != "" || trouble != nil {
			later.Stop()
			return address, trouble
		}
		select {
		case <-changed:
		case <-later.C:
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

var errSilent = providers.Errorf("cloudflared has told no address yet")

func (t *Tunnel) set(address string, trouble error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if address == t.address && trouble == nil && t.trouble == nil && t.told == "" {
		return
	}
	t.address, t.told, t.trouble = address, "", trouble
	close(t.changed)
	t.changed = make(chan struct{})
}

// tell notes an address before its connection stands.
func (t *Tunnel) tell(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if address != t.told {
		t.told, t.toldAt = address, time.Now()
	}
}

// keepRunning runs the program until ctx ends.
func (t *Tunnel) keepRunning(ctx context.Context) {
	wait := againFirst
	for {
		began := time.Now()
		said, err := t.run(ctx)
		if ctx.Err() != nil {
			t.set("", context.Cause(ctx))
			return
		}
		t.set("", ended(said, err))
		if time.Since(began) > aliveForLong {
			wait = againFirst
		}
		timer := time.NewTimer(t.scaled(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		wait = min(2*wait, againMost)
		t.set("", nil) // from here on there is one to wait for again
	}
}

// ended says why the program is gone.
func ended(said string, err error) error {
	switch {
	case said != "":
		return providers.Errorf("cloudflared ended: %s", providers.Line(said))
	case err != nil:
		return providers.Errorf("cloudflared ended: %v", err)
	}
	return providers.Errorf("cloudflared ended")
}

// run runs the program once and returns what it complained of last.
func (t *Tunnel) run(ctx context.Context) (said string, err error) {
	// Its own configuration may be for other tunnels, with which a quick one
	// doesn't start; and it must not replace itself while it runs.
	cmd := exec.CommandContext(ctx, t.program, "tunnel", "--url", t.target, "--no-autoupdate", "--config", os.DevNull)
	cmd.Env = t.env
	cmd.WaitDelay = leaving
	output, written := io.Pipe()
	cmd.Stdout, cmd.Stderr = written, written
	var read sync.WaitGroup
	read.Go(func() { said = t.listen(output) })
	err = runChild(cmd)
	_ = written.Close()
	read.Wait()
	return said, err
}

// environment is what the program needs of ours: no key and no option of its
// own that stands there.
func environment(getenv func(string) string) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "USERPROFILE", "SystemRoot", "SystemDrive", "TEMP", "TMP", "TMPDIR", "LOCALAPPDATA", "APPDATA", "LANG", "LC_ALL",
		"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
	} {
		value := getenv(name)
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// trimmed is a line of the program's log without its date and level.
func trimmed(line string) string {
	for _, level := range []string{" ERR ", " WRN ", " FTL "} {
		if _, rest, found := strings.Cut(line, level); found {
			return strings.TrimSpace(rest)
		}
	}
	return strings.TrimSpace(line)
}
