// Collecting pictures: a link answers nothing useful until its picture is
// there, and nothing says that it never will.

package bria

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

var linkPace = providers.Pace{First: 2 * time.Second, Most: 10 * time.Second}

// linkPatience is how long a picture is awaited each time it is asked for.
const linkPatience = 10 * time.Minute

type collection struct {
	run     *providers.Run
	fetcher *httpapi.Fetcher
	results []*promised
	until   time.Time
}

func newCollection(run *providers.Run, results []*promised) *collection {
	return &collection{
		run: run, fetcher: httpapi.NewFetcher(httpapi.IsLocal(run.Conn)),
		results: results, until: time.Now().Add(linkPatience),
	}
}

// collect keeps each picture as soon as it is there.
func (c *collection) collect(ctx context.Context) error {
	defer c.fetcher.CloseIdleConnections()
	ready := map[*promised]bool{}
	for c.count((*promised).isOver) < len(c.results) {
		err := c.run.Watch(ctx, linkPace, func(ctx context.Context) (providers.Status, error) { return c.look(ctx, ready) })
		if err != nil {
			return err
		}
		for i, p := range c.results {
			if !ready[p] || p.isOver() {
				continue
			}
			_, err := c.run.Keep(ctx, fmt.Sprintf("keep/%d", i+1), providers.Result{
				URL: p.link, RemoteID: p.uuid, Seed: p.seed,
				Prompt: c.run.Values.Text("prompt"), Model: c.run.Values.Text("model_id"),
			})
			failure, _ := asFailure(err)
			switch {
			case err == nil:
				p.kept = true
			case ctx.Err() == nil && failure != nil && (failure.Kind == providers.BadResult || failure.Kind == providers.NotFound):
				p.failed = failure
			default:
				return err
			}
		}
	}
	for _, p := range c.results {
		if p.failed != nil {
			return p.failed
		}
	}
	return nil
}

// count is how many pictures are past a point.
func (c *collection) count(past func(*promised) bool) (n int) {
	for _, p := range c.results {
		if past(p) {
			n++
		}
	}
	return n
}

func (p *promised) isKept() bool { return p.kept }

func (p *promised) isOver() bool { return p.kept || p.failed != nil }

// look asks every link that isn't known to lead to its picture; it is done as
// soon as one more does. Whatever comes is taken for the picture, unless it is
// what a host says while there is none: keeping judges it.
func (c *collection) look(ctx context.Context, ready map[*promised]bool) (providers.Status, error) {
	status := providers.Status{State: providers.Running, Fraction: -1, Step: c.count((*promised).isKept), Of: len(c.results)}
	var trouble error
	for _, p := range c.results {
		if p.isOver() {
			continue
		}
		err := c.fetcher.CheckResult(ctx, p.link)
		switch {
		case err == nil:
			ready[p], status.Done = true, true
		case passing(err):
			trouble = err
		}
	}
	switch {
	case status.Done:
		return status, nil
	case trouble != nil:
		return status, trouble
	case time.Now().After(c.until):
		return status, c.missing()
	}
	return status, nil
}

// passing reports trouble on the way, which says nothing about the picture.
func passing(err error) bool {
	failure, ok := asFailure(err)
	return !ok || failure.MayPass() || failure.Kind == providers.Interrupted
}

func (c *collection) missing() error {
	return &providers.Failure{
		Kind:    providers.BadResult,
		Message: providers.Say("%d of %d pictures did not appear within %d minutes.", len(c.results)-c.count((*promised).isKept), len(c.results), int(linkPatience.Minutes())),
		Advice:  providers.Say("Bria doesn't say why. Trying again asks for them once more, which costs nothing."),
		Remedy:  providers.Remedy{Code: providers.RetryJob},
		Money:   providers.Spent,
	}
}
