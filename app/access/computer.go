// Photos served from this computer: how it is reached, for as long as a job
// needs them.

package access

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/door"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/app/tunnel"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

const (
	// provenLife is how long an address is believed to lead here since that was
	// last seen.
	provenLife = time.Minute
	anyPort    = "127.0.0.1:0"
)

// Computer is this computer as the place of photos: a door, the public address
// that leads to it, and cloudflared where that gives the address.
type Computer struct {
	cfg ComputerConfig
	ctx context.Context

	turn chan struct{} // holds one while it is opened or closed
	work sync.WaitGroup

	mu       sync.Mutex
	stands   settings.Place // how it stands open
	door     *door.Door     // nil while it is closed
	tunnel   *tunnel.Tunnel // nil where the address is a fixed one
	proven   string         // the address that was last seen to lead here
	provenAt time.Time
	probes   map[string]*probe // what is served for checks, by name
	checks   int               // that keep it open
}

// ComputerConfig is what the place works with.
type ComputerConfig struct {
	Access *Access
	Doors  *door.Doors
	// Dir is where the copies lie.
	Dir string
	// Serves reports whether a copy of that name is to be had now.
	Serves func(name string) bool
	// Callbacks answers services that call back at the same address.
	Callbacks door.Answer
}

// NewComputer is this computer, which nobody reaches yet, nor once ctx has ended.
func NewComputer(ctx context.Context, cfg ComputerConfig) *Computer {
	return &Computer{cfg: cfg, ctx: ctx, turn: make(chan struct{}, 1), probes: map[string]*probe{}}
}

// Settings are how this computer is to be reached, as a person set it.
func (c *Computer) Settings() settings.Place { return c.cfg.Access.Settings.Now().Place }

// Chosen reports whether photos are served from here instead of the bucket.
func (c *Computer) Chosen() bool { return c.Settings().Computer }

// Changes reports whether the address is another one at each start.
func (c *Computer) Changes() bool { return c.Settings().Address == "" }

// HasCloudflared reports whether cloudflared is installed. It looks at the
// disk: never call it on the UI goroutine.
func (c *Computer) HasCloudflared() bool {
	_, err := tunnel.Find(c.cfg.Access.Env)
	return err == nil
}

// InvalidPlace says which of the place's settings can't be right.
type InvalidPlace struct{ err error }

func (i *InvalidPlace) Error() string { return i.err.Error() }

// Unwrap returns the cause.
func (i *InvalidPlace) Unwrap() error { return i.err }

// CheckComputer says what is wrong with how this computer is to be reached: a
// fixed address needs the port that it hands requests on to.
func CheckComputer(set settings.Place) error {
	if set.Address != "" {
		if err := httpapi.CheckBaseURL(set.Address); err != nil {
			return &InvalidPlace{providers.Errorf("the public address must be one that begins with https:// and leads to this computer, such as https://me.example.com")}
		}
		if set.Listen == "" {
			return &InvalidPlace{providers.Errorf("the port is missing to which the public address hands requests on, such as 8711")}
		}
	}
	if set.Listen != "" {
		if err := door.Check(set.Listen); err != nil {
			return &InvalidPlace{err}
		}
	}
	return nil
}

// ListenAt is the address to listen at that a person wrote: a port alone is
// one of this computer's own, which nobody else reaches directly.
func ListenAt(written string) string {
	if written = strings.TrimSpace(written); written == "" || strings.Contains(written, ":") {
		return written
	}
	return net.JoinHostPort("127.0.0.1", written)
}

// Choose keeps where services fetch photos from. Errors: *InvalidPlace, or
// that it can't be written.
func (c *Computer) Choose(set settings.Place) error {
	set.Address = strings.TrimRight(strings.TrimSpace(set.Address), "/")
	set.Listen = ListenAt(set.Listen)
	if set.Computer {
		if err := CheckComputer(set); err != nil {
			return err
		}
	}
	return c.cfg.Access.Settings.Change(func(s *settings.Settings) { s.Place = set })
}

// Ready says why this computer can't be reached as it is set up; whether it
// really is, Open finds out.
func (c *Computer) Ready() error {
	set := c.Settings()
	if err := CheckComputer(set); err != nil {
		return noPlace(providers.SentenceOf(err), providers.Say("Correct how this computer is reached."), err)
	}
	if set.Address != "" {
		return nil
	}
	if _, err := tunnel.Find(c.cfg.Access.Env); err != nil {
		return noPlace(providers.Say("%v, so that this computer has no public address", err),
			providers.Say("Install cloudflared from Cloudflare, give an address that you have, or use a bucket."), err)
	}
	return nil
}

func noPlace(message, advice providers.Sentence, cause error) error {
	return &providers.Failure{
		Kind: providers.NoBucket, Message: message, Advice: advice, Remedy: providers.Remedy{Code: providers.OpenPlace},
		Money: providers.NotSpent, Outcome: providers.NotSent, Cause: cause,
	}
}

// Open makes this computer reachable and returns its public address, which was
// seen to lead here within the last minute.
func (c *Computer) Open(ctx context.Context) (string, error) {
	if err := c.Ready(); err != nil {
		return "", err
	}
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if err := c.stand(c.Settings()); err != nil {
		return "", err
	}
	address, err := c.address(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	known := c.proven == address && time.Since(c.provenAt) < provenLife
	c.mu.Unlock()
	if known {
		return address, nil
	}
	if err := c.prove(ctx, address); err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proven, c.provenAt = address, time.Now()
	return address, nil
}

// stand opens the door, and starts what leads to it; c.turn is held.
func (c *Computer) stand(set settings.Place) error {
	set.Computer = true
	c.mu.Lock()
	open, same := c.door != nil, c.stands == set
	c.mu.Unlock()
	if open && same {
		return nil
	}
	c.shut()
	listen := set.Listen
	if listen == "" {
		listen = anyPort
	}
	opened, err := c.cfg.Doors.Open(listen, c.answer)
	if err != nil {
		return noPlace(providers.Say("Photos can't be served at %s on this computer: %v", listen, door.Trouble(err)),
			providers.Say("Another program may have that port: end it, or choose another one in both places."), err)
	}
	var running *tunnel.Tunnel
	if set.Address == "" {
		program, err := tunnel.Find(c.cfg.Access.Env)
		if err != nil {
			opened.Close()
			return c.Ready()
		}
		running = tunnel.Start(program, "http://"+opened.Address(), c.cfg.Access.Env, c.scaled)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stands, c.door, c.tunnel, c.proven = set, opened, running, ""
	return nil
}

func (c *Computer) scaled(d time.Duration) time.Duration {
	if c.cfg.Access.Scaled == nil {
		return d
	}
	return c.cfg.Access.Scaled(d)
}

// address is the public address, once there is one; c.turn is held.
func (c *Computer) address(ctx context.Context) (string, error) {
	c.mu.Lock()
	fixed, running := c.stands.Address, c.tunnel
	c.mu.Unlock()
	if running == nil {
		return fixed, nil
	}
	address, err := running.Address(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", &providers.Failure{
			Kind: providers.NoNetwork, Message: providers.Say("This computer has no public address: %v", err),
			Advice: providers.Say("Cloudflare gives these addresses without a promise. Wait, use an address of your own, or a bucket."),
			Remedy: providers.Remedy{Code: providers.OpenPlace}, Money: providers.NotSpent, Outcome: providers.NotSent, Cause: err,
		}
	case httpapi.CheckBaseURL(address) != nil:
		return "", noPlace(providers.Say("cloudflared gave an address that can't be used"), providers.Say("Use an address of your own, or a bucket."), nil)
	}
	return address, nil
}

// Now is the public address while it is known to lead here; "" otherwise.
func (c *Computer) Now() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.door == nil || c.tunnel != nil && c.tunnel.Now() != c.proven {
		return ""
	}
	return c.proven
}

// Follow keeps this computer reachable while it is needed, and no longer.
// failed is told why it isn't, nil once it is.
func (c *Computer) Follow(needed bool, failed func(error)) {
	if c.ctx.Err() != nil {
		return
	}
	c.work.Go(func() {
		if needed {
			if _, err := c.Open(c.ctx); c.ctx.Err() == nil {
				failed(err)
			}
			return
		}
		c.turn <- struct{}{}
		defer func() { <-c.turn }()
		c.mu.Lock()
		checked := c.checks > 0
		c.mu.Unlock()
		if !checked {
			c.shut()
			failed(nil)
		}
	})
}

// shut closes the door and ends cloudflared; c.turn is held.
func (c *Computer) shut() {
	c.mu.Lock()
	open, running := c.door, c.tunnel
	c.door, c.tunnel, c.proven = nil, nil, ""
	c.mu.Unlock()
	if open != nil {
		open.Close()
	}
	if running != nil {
		running.Stop()
	}
}

// Close ends it for good.
func (c *Computer) Close() {
	c.work.Wait()
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	c.shut()
}

// mayComeYet reports whether an error is that of an address at which nobody
// answers yet, as with a new one.
func mayComeYet(err error) bool {
	var f *providers.Failure
	return errors.As(err, &f) && f.MayPass()
}
