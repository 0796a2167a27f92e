// How Luma's tasks run: host the pictures, start each generation once, watch
// them all, keep each image as it is finished.

package luma

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

var pace = providers.Pace{First: time.Second, Most: 5 * time.Second}

func runImage(ctx context.Context, run *providers.Run) error {
	body := run.Values.Payload(imageFields())
	for _, key := range []string{"image_ref", "style_ref", "modify_image_ref"} {
		references, err := hostWeighted(ctx, run, key)
		if err != nil {
			return err
		}
		if len(references) > 0 {
			body[key] = references
		}
	}
	if modify, ok := body["modify_image_ref"].([]any); ok {
		body["modify_image_ref"] = modify[0]
	}
	var faces []string
	for _, item := range run.Values.List("character_ref") {
		link, err := host(ctx, run, item.Text("image"))
		if err != nil {
			return err
		}
		faces = append(faces, link)
	}
	if len(faces) > 0 {
		body["character_ref"] = map[string]any{"identity0": map[string]any{"images": faces}}
	}
	return newBatch(run, "generations/image", body).do(ctx, imageCount(run.Values))
}

func runReframe(ctx context.Context, run *providers.Run) error {
	link, err := host(ctx, run, run.Values.Text("media"))
	if err != nil {
		return err
	}
	body := run.Values.Payload(reframeFields())
	body["generation_type"] = reframeKind
	body["media"] = map[string]any{"url": link}
	return newBatch(run, "generations/image/reframe", body).do(ctx, 1)
}

func hostWeighted(ctx context.Context, run *providers.Run, key string) ([]any, error) {
	var references []any
	for _, item := range run.Values.List(key) {
		link, err := host(ctx, run, item.Text("image"))
		if err != nil {
			return nil, err
		}
		references = append(references, map[string]any{"url": link, "weight": item.Float("weight")})
	}
	return references, nil
}

func host(ctx context.Context, run *providers.Run, image string) (string, error) {
	photo, err := run.Image(ctx, image)
	if err != nil {
		return "", err
	}
	return run.Host(ctx, photo)
}

// batch is a number of equal generations.
type batch struct {
	run     *providers.Run
	client  client
	path    string
	body    map[string]any
	count   int
	images  []*image
	blamed  *image // whose question failed last
	waiting bool   // nothing has begun at the service yet
}

// image is one accepted generation.
type image struct {
	number int
	id     string
	image  generation // set once completed
	kept   bool
	failed *providers.Failure
}

func (p *image) open() bool { return !p.kept && p.failed == nil }

// newBatch is of these requests. A callback of the person's own takes the
// receiver's place.
func newBatch(run *providers.Run, path string, body map[string]any) *batch {
	if run.Callback != "" && body["callback_url"] == nil {
		body["callback_url"] = run.Callback
	}
	return &batch{run: run, client: newClient(run.Conn), path: path, body: body}
}

// do makes count images. Where not all of them could be started, those that
// were are collected before the reason is returned.
func (b *batch) do(ctx context.Context, count int) error {
	b.count = count
	notStarted := b.start(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if len(b.images) == 0 {
		return notStarted
	}
	if err := b.collect(ctx); err != nil && (notStarted == nil || ctx.Err() != nil) {
		return err
	}
	if notStarted != nil {
		return b.unfinished(notStarted)
	}
	return b.outcome()
}

func (b *batch) start(ctx context.Context) error {
	for i := range b.count {
		slowed := false
		receipt, err := b.run.Once(ctx, fmt.Sprintf("create/%d", i+1), b.client.find(b.body), func(ctx context.Context) (providers.Receipt, error) {
			started, err := b.client.create(ctx, b.path, b.body)
			if failure, ok := errors.AsType[*providers.Failure](err); ok {
				slowed = slowed || failure.Kind == providers.RateLimited
			}
			if err != nil {
				return providers.Receipt{}, err
			}
			return receiptOf(started), nil
		})
		if err != nil {
			return err
		}
		b.images = append(b.images, &image{number: i + 1, id: receipt.ID})
		if slowed {
			b.keepEarly(ctx)
		}
	}
	return nil
}

// keepEarly keeps what was finished while Luma made the batch wait to start its
// next image: nobody knows how long the links live. Trouble is left to collect,
// which meets it again.
func (b *batch) keepEarly(ctx context.Context) {
	if _, err := b.look(ctx); err == nil {
		_ = b.keepFinished(ctx)
	}
}

// receiptOf leaves the answer itself out: it repeats the signed links of the
// pictures.
func receiptOf(g generation) providers.Receipt {
	return providers.Receipt{ID: g.ID, Title: g.asked("prompt"), Time: g.created()}
}

// collect watches until every generation is over and keeps each image as soon
// as it is there.
func (b *batch) collect(ctx context.Context) error {
	for b.left() > 0 {
		err := b.run.Watch(ctx, pace, b.look)
		if err != nil {
			failure, ok := errors.AsType[*providers.Failure](err)
			if !ok || ctx.Err() != nil || b.blamed == nil || failure.Kind != providers.NotFound && !failure.Garbled {
				return err
			}
			b.blamed.failed, b.blamed = failure, nil
			continue
		}
		if err := b.keepFinished(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) left() (open int) {
	for _, p := range b.images {
		if p.open() {
			open++
		}
	}
	return open
}

// look asks for every open generation; it is done as soon as one is over.
func (b *batch) look(ctx context.Context) (providers.Status, error) {
	var trouble error
	over := false
	b.waiting = true
	for _, p := range b.images {
		if !p.open() {
			continue
		}
		if err := b.ask(ctx, p); err != nil {
			trouble, b.blamed = err, p
			continue
		}
		over = over || p.failed != nil || p.image.ID != ""
	}
	if trouble != nil && !over {
		return providers.Status{}, trouble
	}
	status := providers.Status{State: providers.Running, Fraction: -1, Done: over}
	if b.waiting && b.left() == len(b.images) {
		status.State = providers.Waiting
	}
	if b.count > 1 {
		status.Step, status.Of = len(b.images)-b.left(), b.count
		status.Fraction = float64(status.Step) / float64(b.count)
	}
	return status, nil
}

func (b *batch) ask(ctx context.Context, p *image) error {
	g, err := b.client.generation(ctx, p.id)
	if err != nil {
		return err
	}
	b.waiting = b.waiting && g.is("queued", "pending")
	switch {
	case g.is("completed") && g.Assets.Image == "":
		return b.client.api.Garbled(ctx, "it calls the picture completed but gives no link to it")
	case g.is("completed"):
		p.image = g
	case g.is("failed"):
		p.failed = b.refusal(g)
	case g.State == "":
		return b.client.api.Garbled(ctx, "the generation has no state")
	}
	return nil
}

// keepFinished puts the images that are there into the library. One that
// can't be had doesn't keep the others from it.
func (b *batch) keepFinished(ctx context.Context) error {
	for _, p := range b.images {
		if !p.open() || p.image.ID == "" {
			continue
		}
		_, err := b.run.Keep(ctx, fmt.Sprintf("keep/%d", p.number), providers.Result{
			URL:      p.image.Assets.Image,
			Fresh:    b.freshLink(p.id),
			RemoteID: p.id,
			Prompt:   b.run.Values.Text("prompt"),
			Model:    b.run.Values.Text("model"),
		})
		failure, ok := errors.AsType[*providers.Failure](err)
		switch {
		case err == nil:
			p.kept = true
		case ok && ctx.Err() == nil && (failure.Kind == providers.BadResult || failure.Kind == providers.NotFound):
			p.failed = failure
		default:
			return err
		}
	}
	return nil
}

func (b *batch) freshLink(id string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		g, err := b.client.generation(ctx, id)
		if err == nil && g.Assets.Image == "" {
			err = b.client.api.Garbled(ctx, "it gives no link to the picture")
		}
		return g.Assets.Image, err
	}
}

var inputReason = regexp.MustCompile(`(?i)^\s*4\d\d\b|\b(invalid|fetch|download|unsupported)`)

// refusal is a generation that Luma ended without an image. Luma refunds it.
func (b *batch) refusal(g generation) *providers.Failure {
	other := "photon-flash-1"
	if b.run.Values.Text("model") == other {
		other = "photon-1"
	}
	failure := &providers.Failure{
		Kind:    providers.ServiceTrouble,
		Message: providers.Say("Luma could not make the picture"),
		Advice:  providers.Say("Try again, or try the other model, %s.", other),
		Service: b.client.api.Quote(g.FailureReason),
		Money:   providers.Refunded,
		Ended:   true,
		Outcome: providers.Refused,
	}
	switch {
	case httpapi.Moderated(g.FailureReason):
		failure.Kind, failure.Message = providers.RefusedContent, providers.Say("Luma refused the content")
		failure.Advice = providers.Say("Change the prompt or the pictures, or try the other model, %s.", other)
	case inputReason.MatchString(g.FailureReason):
		failure.Kind, failure.Message = providers.InvalidInput, providers.Say("Luma could not use the request")
		failure.Advice = providers.Say("Check the pictures and the values, or try the other model, %s.", other)
	}
	return failure
}

// outcome is nil when every image was kept, else the failure of the first
// that was not; one that may still be had comes before those that are over.
func (b *batch) outcome() error {
	var first *providers.Failure
	failed := 0
	for _, p := range b.images {
		if p.failed == nil {
			continue
		}
		failed++
		if first == nil || first.Ended && !p.failed.Ended {
			first = p.failed
		}
	}
	if first == nil {
		return nil
	}
	if b.count == 1 {
		return first
	}
	failure := *first
	failure.Message = providers.Say("%d of %d pictures failed, %d were kept. %s", failed, b.count, len(b.images)-failed, first.Message)
	if failed < len(b.images) && failure.Money == providers.Refunded {
		failure.Money = providers.Spent
		failure.Advice = providers.Say("%s Luma charges only for the pictures that were made.", failure.Advice)
	}
	return &failure
}

// unfinished adds to why the batch stopped what became of the part that was
// started.
func (b *batch) unfinished(why error) error {
	known, ok := errors.AsType[*providers.Failure](why)
	if !ok {
		return why
	}
	kept := 0
	for _, p := range b.images {
		if p.kept {
			kept++
		}
	}
	failure := *known
	failure.Message = providers.Say("%s (%d of %d pictures were started before, %d were kept)", known.Message, len(b.images), b.count, kept)
	failure.Money = providers.Spent
	return &failure
}
