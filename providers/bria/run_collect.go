// Collecting pictures: a link answers nothing useful until its picture is
// there, and nothing says that it never will.

package bria

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

var linkPace = providers.Pace{First: 2 * time.Second, Most: 10 * time.Second}

const (
	// linkPatience is how long a picture is awaited each time it is asked for.
	linkPatience = 10 * time.Minute
	maxVector    = 32 << 20 // bytes of an SVG result
)

type collection struct {
	run     *providers.Run
	fetcher *httpapi.Fetcher
	vector  bool
	results []*promised
	until   time.Time
}

func newCollection(run *providers.Run, vector bool, results []*promised) *collection {
	return &collection{
		run: run, fetcher: httpapi.NewFetcher(httpapi.IsLocal(run.Conn)),
		vector: vector, results: results, until: time.Now().Add(linkPatience),
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
// soon as one more does.
func (c *collection) look(ctx context.Context, ready map[*promised]bool) (providers.Status, error) {
	status := providers.Status{State: providers.Running, Fraction: -1, Step: c.count((*promised).isKept), Of: len(c.results)}
	var trouble error
	for _, p := range c.results {
		if p.isOver() {
			continue
		}
		err := c.check(ctx, p.link)
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

// check reports why a link doesn't lead to a picture yet.
func (c *collection) check(ctx context.Context, link string) error {
	if !c.vector {
		return c.fetcher.CheckPicture(ctx, link)
	}
	var content bytes.Buffer
	if _, _, err := c.fetcher.Download(ctx, link, &content, maxVector); err != nil {
		return err
	}
	if !isVector(content.Bytes()) {
		return &providers.Failure{Kind: providers.InvalidInput, Message: providers.Say("The link holds no SVG graphic"), Outcome: providers.Refused}
	}
	return nil
}

// isVector reports whether content is XML with an svg root; whether all of it
// can be read is seen when it is kept.
func isVector(content []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(content))
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local == "svg"
		}
	}
}
