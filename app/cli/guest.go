// A command that another process handed over, carried out where the data
// directory is open.

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/handover"
)

// guest is what a command of another process works with.
type guest struct {
	*handover.Guest
	host *app.Studio
}

// refusal is why a command can't be carried out where the data directory is
// open: exit code 4.
type refusal struct{ why string }

func (r *refusal) Error() string { return r.why }

// followingError is that the host ended while the command followed jobs.
type followingError struct{ jobs []string }

func (f *followingError) Error() string { return handover.ErrEnded.Error() }

// carryOut runs a command of another process on the open studio. Keys,
// addresses and everything else of the environment are this process's own; a
// panic ends the command, not this process.
func (p Program) carryOut(ctx context.Context, studio *app.Studio, g *handover.Guest) (exit handover.Exit) {
	p.In, p.Out, p.Err, p.Dir = g.In, g.Out, g.Err, g.Dir
	if p.Env == nil {
		p.Env = os.Getenv
	}
	c := &command{Program: p.guard(), args: g.Args, guest: &guest{g, studio}}
	defer func() {
		if cause := recover(); cause != nil {
			exit = handover.Exit{Code: c.outcome(fmt.Errorf("the command broke: %v", cause))}
		}
	}()
	err := c.execute(ctx, g.Args)
	var refused *refusal
	if errors.As(err, &refused) && c.wait {
		return handover.Exit{Code: ExitBusy} // which the caller waits about
	}
	if errors.Is(context.Cause(ctx), handover.ErrEnded) {
		var following *followingError
		var said exitError
		var usage *usageError
		switch {
		case errors.As(err, &following):
			return handover.Exit{Code: ExitFailed, Follows: following.jobs}
		case err == nil || errors.As(err, &said) || errors.As(err, &usage): // it had ended by itself
		case !g.Begun():
			return handover.Exit{Code: ExitBusy, Again: true}
		}
	}
	return handover.Exit{Code: c.outcome(err)}
}

// openAsGuest gives the command its host's studio, unless it would act there
// with other keys or at other addresses than its caller has.
func (c *command) openAsGuest(ctx context.Context) error {
	c.studio = c.guest.host
	switch {
	case c.studio.Demo() != c.demo:
		return &refusal{"the Maquette that has the data directory is in demo mode, or this one is, and not both"}
	case c.declared.reach < starts:
	default:
		if err := c.refuseOtherAccount(ctx); err != nil {
			return err
		}
	}
	if c.declared.reach == changes || c.declared.reach == asks {
		return c.begin(ctx)
	}
	return nil
}

// refuseOtherAccount refuses a command whose caller's environment names keys
// or addresses that aren't those in use here.
func (c *command) refuseOtherAccount(ctx context.Context) error {
	if c.demo {
		return nil
	}
	for _, name := range access.Variables(c.studio.Services()) {
		if !c.guest.Has(name) || c.ofAnother(name) {
			continue
		}
		used, err := c.studio.Bucket.InUse(ctx, name)
		if err != nil {
			return err
		}
		if c.guest.Differs(name, used) {
			return &refusal{fmt.Sprintf("%s holds something else here than what the Maquette that has the data directory uses", name)}
		}
	}
	return nil
}

// ofAnother reports whether a variable is of another service than the one that
// the command is about.
func (c *command) ofAnother(variable string) bool {
	if c.service == nil {
		return false
	}
	for _, s := range c.studio.Services() {
		if s.ID != c.service.ID && (variable == s.KeyEnv || variable == s.URLEnv) {
			return true
		}
	}
	return false
}

// begin is called before anything is changed or sent. The error is why nothing
// may be.
func (c *command) begin(ctx context.Context) error {
	if c.guest == nil {
		return nil
	}
	return c.guest.Begin(ctx)
}

// ended is what a guest returns that followed jobs when its host ended; nil in
// any other case.
func (c *command) ended(ctx context.Context, jobs ...string) error {
	if c.guest == nil || !errors.Is(context.Cause(ctx), handover.ErrEnded) {
		return nil
	}
	return &followingError{jobs}
}

// sayFollowed tells a guest's caller which jobs are followed.
func (c *command) sayFollowed(jobs ...string) {
	if c.guest == nil {
		return
	}
	for _, job := range jobs {
		_ = c.guest.Follow(job) // a caller that has gone ends the context
	}
}
