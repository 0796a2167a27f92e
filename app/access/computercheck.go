// Whether the public address leads to this computer: seen from outside, as far
// as that can be done from here.

package access

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/retry"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
	"github.com/maquette-studio/maquette/storage"
)

const (
	proveTime  = 20 * time.Second
	proveTries = 6       // a new name takes a while to be known everywhere
	readMost   = 1 << 20 // bytes of a copy that are compared
	// asBrowser is how callers name themselves to whom some tunnels show a page
	// of warning instead.
	asBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
)

// Reached is what the check of this computer's public address found.
type Reached struct {
	Address string
	Note    providers.Sentence // what else to know of it
}

// Check opens the way to this computer and reads a small picture through the
// public address. It closes again unless a job needs it.
func (c *Computer) Check(ctx context.Context) (Reached, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*checkPatience)
	defer cancel()
	c.mu.Lock()
	c.checks++
	c.proven = "" // it is looked at anew
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.checks--
	}()
	address, err := c.Open(ctx)
	if err != nil {
		return Reached{}, err
	}
	return Reached{Address: address, Note: c.note(ctx, address)}, nil
}

// note is what else to know of an address that leads here.
func (c *Computer) note(ctx context.Context, address string) providers.Sentence {
	switch {
	case httpapi.IsLoopbackURL(address):
		return providers.Say("it leads here from this computer only, which is enough for simulated services")
	case inTailnet(address) && httpapi.CheckPlace(ctx, address) != nil:
		return providers.Say("it was seen from inside your tailnet; whether Funnel is on for everybody can't be seen from here")
	}
	if err := c.read(ctx, address, asBrowser); err != nil {
		return providers.Say("who looks like a browser is shown a web page, such as ngrok's warning, in the photo's place: most services don't look like one")
	}
	return providers.Sentence{}
}

// prove reads a small picture through an address until it comes, or won't;
// c.turn is held.
func (c *Computer) prove(ctx context.Context, address string) error {
	host := hostOf(address)
	if !httpapi.IsLoopbackURL(address) && !inTailnet(address) {
		if err := httpapi.CheckPlace(ctx, address); err != nil && !mayComeYet(err) {
			return noPlace(providers.Say("%s doesn't lead from the internet to this computer", host), providers.SentenceOf(err), err)
		}
	}
	tries := proveTries
	if c.fixedAddress() {
		tries = 2
	}
	var err error
	for try := 1; try <= tries; try++ {
		if err = c.read(ctx, address, ""); err == nil || ctx.Err() != nil || !mayComeYet(err) {
			return err
		}
		if try < tries {
			if err := retry.Sleep(ctx, c.scaled(retry.Backoff(try, 0))); err != nil {
				return err
			}
		}
	}
	return err
}

func (c *Computer) fixedAddress() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tunnel == nil
}

// read puts up a picture for one reading through an address, and says why it
// didn't come back as it is.
func (c *Computer) read(ctx context.Context, address, agent string) error {
	ctx, cancel := context.WithTimeout(ctx, proveTime)
	defer cancel()
	name, p := storage.UnguessableName("png"), &probe{content: randomPicture("png")}
	c.mu.Lock()
	c.probes[name] = p
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.probes, name)
	}()
	status, body, err := fetch(ctx, address+"/"+name, agent, int64(len(p.content))+1)
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return verdict(hostOf(address), status, body, err, p.content, p.came.Load())
}

// verdict says why what came back isn't what lies here; nil where it is.
func verdict(host string, status int, body []byte, err error, want []byte, came bool) error {
	var message providers.Sentence
	kind := providers.NoBucket
	advice := providers.Say("Check the address, and that it hands requests on to this computer at that port.")
	page := strings.HasPrefix(http.DetectContentType(body), "text/html")
	switch {
	case err != nil:
		kind = providers.NoNetwork
		message = providers.Say("%s can't be reached: %v", host, httpapi.ConnectTrouble(err))
		advice = providers.Say("Check the address and what leads to this computer. Some routers don't lead back to themselves: then look from another network.")
	case status == http.StatusOK && bytes.Equal(body, want):
		return nil
	case status == http.StatusOK && page:
		message = providers.Say("%s shows a web page in the photo's place, such as a tunnel's warning or a login", host)
		advice = providers.Say("Services can't fetch photos through it: switch that page off there, or use another way.")
	case status == http.StatusOK && came:
		message = providers.Say("Something on the way from %s to this computer changes files", host)
		advice = providers.Say("Switch off what makes pictures smaller or keeps copies there.")
	case status >= 500 || status == http.StatusTooManyRequests:
		kind = providers.ServiceTrouble
		message = providers.Say("%s answers %d and doesn't hand requests on to this computer", host, status)
	default:
		message = providers.Say("%s doesn't lead to this computer: something else answers there (%d)", host, status)
	}
	return &providers.Failure{
		Kind: kind, Message: message, Advice: advice, Remedy: providers.Remedy{Code: providers.OpenPlace},
		Money: providers.NotSpent, Outcome: providers.NotSent, Cause: err,
	}
}

// fetch reads the beginning of a link as one who knows nothing else.
func fetch(ctx context.Context, link, agent string, limit int64) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Accept-Encoding", "identity")
	if agent != "" {
		request.Header.Set("User-Agent", agent)
		request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	}
	transport := network.Here().NewTransport(network.Options{Once: true, HeaderTimeout: proveTime})
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) { // its text holds the link
			err = at.Err
		}
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	plain, err := network.Decode(response.Header, response.Body)
	if err != nil {
		return response.StatusCode, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(plain, limit))
	return response.StatusCode, body, err
}

// checkCopy reads a copy's link as a service will, and compares what comes.
func (c *Computer) checkCopy(ctx context.Context, link, name string) error {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	file, err := os.Open(filepath.Join(c.cfg.Dir, name))
	if err != nil {
		return noPlace(providers.Say("A copy of a photo is missing on this computer"), providers.Say("Try again: it is made anew."), withoutName(err))
	}
	defer func() { _ = file.Close() }()
	want, err := io.ReadAll(io.LimitReader(file, readMost))
	if err != nil {
		return noPlace(providers.Say("A copy of a photo can't be read on this computer"), providers.Say("Check the disk, then try again."), withoutName(err))
	}
	status, body, err := fetch(ctx, link, "", readMost)
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return verdict(hostOf(link), status, body, err, want, true)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// inTailnet reports whether an address is one of Tailscale's names, which
// computers of the same tailnet reach by another way than everybody else.
func inTailnet(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(u.Hostname(), ".ts.net")
}
