// How pictures are made: what guides them is looked at, the model is read, the
// request sent once, and each link asked until its picture is there.

package bria

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// route is one of the three ways to generate.
type route struct {
	path   string
	fields func() []providers.Field
	guide  func(ctx context.Context, run *providers.Run, body map[string]any) error // adds the pictures
	suits  func(providers.Values, providers.Model) []providers.Problem
	vector bool // results are SVG
}

var (
	textToImage  = route{path: "text-to-image", fields: textFields, guide: addGuidance, suits: checkTextModel}
	textToVector = route{path: "text-to-vector", fields: textFields, guide: addGuidance, suits: checkTextModel, vector: true}
	reimagine    = route{path: "reimagine", fields: reimagineFields, guide: addStructure, suits: checkReimagineModel}
)

// unknowable: Bria lists no generations.
var unknowable = providers.Say("Bria keeps no list of generations, so it can't tell whether it took the request. "+
	"Look at the usage at %s. If you have a picture's link, adopt that.", console)

func (r route) generate(ctx context.Context, run *providers.Run) error {
	c := connect(run.Conn)
	q := request{route: r, run: run}
	if err := q.check(ctx, c); err != nil {
		return err
	}
	accepted, err := run.Once(ctx, "generate", providers.Unknowable(unknowable), func(ctx context.Context) (providers.Receipt, error) {
		body, err := q.ready(ctx)
		if err != nil {
			return providers.Receipt{}, err
		}
		made, err := c.generate(ctx, r.path, run.Values.Text("model_id"), body)
		if err != nil {
			return providers.Receipt{}, err
		}
		return r.receipt(run, made)
	})
	if err != nil {
		return err
	}
	q.body = nil // its pictures would lie about for as long as the results take
	results, err := resultsOf(accepted)
	if err != nil {
		return err
	}
	if err := newCollection(run, results).collect(ctx); err != nil {
		return err
	}
	return unnamed(accepted, int(run.Values.Int("num_results")), len(results))
}

// unnamed reports pictures that were asked for and that the answer leads to
// with no link: nothing else will.
func unnamed(accepted providers.Receipt, asked, named int) error {
	if _, adopted := adoptedLink(accepted); adopted || named >= asked {
		return nil
	}
	return &providers.Failure{
		Kind: providers.BadResult, Money: providers.Spent, Ended: true,
		Message: providers.Say("Bria's answer leads to %d of the %d pictures that were asked for.", named, asked),
		Advice:  providers.Say("Those are kept. Bria may have charged for all; trying again is a new, paid request."),
	}
}

// request is the paid request on its way.
type request struct {
	route route
	run   *providers.Run
	body  map[string]any // nil until its pictures are read
}

// check looks at everything before anything is paid: the pictures that guide,
// and the model, whose training decides what it can do.
func (q *request) check(ctx context.Context, c client) error {
	_, err := q.run.Step(ctx, "check", func(ctx context.Context) (providers.Receipt, error) {
		if _, err := q.ready(ctx); err != nil {
			return providers.Receipt{}, err
		}
		return providers.Receipt{}, q.route.checkModel(ctx, c, q.run.Values)
	})
	return err
}

func (r route) checkModel(ctx context.Context, c client, values providers.Values) error {
	m, err := c.model(ctx, json.Number(values.Text("model_id")))
	if err != nil {
		return atField(err, "model_id", providers.Say("There is no model of that id."))
	}
	if m.state() != stateCompleted {
		return providers.Refusal(problem("model_id", "is not trained: its state is %s", m.Status))
	}
	if err := providers.Refusal(r.suits(values, m.described(m.Name))); err != nil || !r.vector {
		return err
	}
	if m.Project == "" {
		return providers.Refusal(problem("model_id", "belongs to no project that Bria names, so it can't be seen whether it was trained on illustrations"))
	}
	p, err := c.project(ctx, m.Project)
	switch {
	case err != nil:
		return atField(err, "model_id", providers.Say("The model's project is not there."))
	case p.photography():
		return providers.Refusal(problem("model_id", "was trained on photographs; vector graphics take a model trained on illustrations"))
	}
	return nil
}

// ready reads the pictures, once until the request is made.
func (q *request) ready(ctx context.Context) (map[string]any, error) {
	if q.body != nil {
		return q.body, nil
	}
	body := q.run.Values.Payload(q.route.fields())
	if q.run.Values.Int("seed") < 0 {
		delete(body, "seed")
	}
	if err := q.route.guide(ctx, q.run, body); err != nil {
		return nil, err
	}
	q.body = body
	return body, nil
}

// addGuidance adds what guides a picture made from a prompt.
func addGuidance(ctx context.Context, run *providers.Run, body map[string]any) error {
	if !prompted(run.Values) {
		delete(body, "image_prompt_mode")
		delete(body, "image_prompt_scale")
	}
	var first picture
	for i, item := range run.Values.List("guidance") {
		field := fmt.Sprintf("guidance[%d].image", i)
		p, err := guide(ctx, run, field, item.Text("image"))
		if err != nil {
			return err
		}
		if i == 0 {
			first = p
		}
		if !sameShape(first.size, p.size) {
			return providers.Refusal(problem(field, "must have the same aspect ratio as the first guidance picture, %d × %d", first.size.X, first.size.Y))
		}
		key := fmt.Sprintf("guidance_method_%d", i+1)
		body[key], body[key+"_scale"], body[key+"_image_file"] = item.Text("method"), item.Float("scale"), p.base64
	}
	if ref := run.Values.Text("image_prompt_file"); ref != "" {
		p, err := guide(ctx, run, "image_prompt_file", ref)
		if err != nil {
			return err
		}
		body["image_prompt_file"] = p.base64
	}
	var links []string
	for i, item := range run.Values.List("image_prompt_urls") {
		link, err := readable(ctx, run, fmt.Sprintf("image_prompt_urls[%d].url", i), item.Text("url"))
		if err != nil {
			return err
		}
		links = append(links, link)
	}
	if len(links) > 0 {
		body["image_prompt_urls"] = links
	}
	return nil
}

// addStructure adds the picture whose structure is kept.
func addStructure(ctx context.Context, run *providers.Run, body map[string]any) error {
	if link := run.Values.Text("structure_image_url"); link != "" {
		_, err := readable(ctx, run, "structure_image_url", link)
		return err
	}
	p, err := guide(ctx, run, "structure_image_file", run.Values.Text("structure_image_file"))
	body["structure_image_file"] = p.base64
	return err
}

// readable checks that anybody can read a link, as Bria will, and that it shows
// what Bria takes.
func readable(ctx context.Context, run *providers.Run, field, link string) (string, error) {
	checked, err := run.Host(ctx, providers.Photo{ID: link, Name: link, URL: link})
	if err != nil {
		return "", at(notSent(err), field)
	}
	head, err := headOf(ctx, checked, run.Conn)
	if err != nil {
		return "", at(err, field)
	}
	if _, trouble := inspect(head); !trouble.IsZero() {
		return "", providers.Refusal(problem(field, "%s", trouble))
	}
	return checked, nil
}

// receipt keeps the links: nothing else leads to the pictures.
func (r route) receipt(run *providers.Run, made generated) (providers.Receipt, error) {
	answer, err := json.Marshal(made)
	id := ""
	for _, one := range made.Results {
		if id == "" {
			id = one.UUID
		}
	}
	if id == "" {
		id = "job/" + run.Job
	}
	return providers.Receipt{
		ID: "generation/" + id, Answer: answer, Title: run.Values.Text("prompt"), Time: time.Now().UTC(),
	}, err
}

// promised is one picture that the service promised.
type promised struct {
	link string
	uuid string
	seed *int64
	kept bool
	// failed is why it can't be had, though it is there.
	failed *providers.Failure
}

// adoptedLink is the link that a person adopted: the id, or the answer where it
// is longer than an id may be.
func adoptedLink(accepted providers.Receipt) (link string, adopted bool) {
	if len(accepted.Answer) == 0 {
		return accepted.ID, strings.Contains(accepted.ID, "://")
	}
	return link, json.Unmarshal(accepted.Answer, &link) == nil
}

// resultsOf reads the links of a receipt.
func resultsOf(accepted providers.Receipt) ([]*promised, error) {
	if link, adopted := adoptedLink(accepted); adopted {
		return []*promised{{link: link, uuid: accepted.ID}}, nil
	}
	var made generated
	if json.Unmarshal(accepted.Answer, &made) != nil || made.Check() != nil {
		return nil, &providers.Failure{
			Kind: providers.BadResult, Message: providers.Say("It is not known where the pictures are."), Money: providers.MoneyUnknown,
			Advice: providers.Say("Only a picture's link can be adopted. Trying again is a new, paid request."), Ended: true,
		}
	}
	var results []*promised
	for _, r := range made.Results {
		for _, link := range r.URLs {
			if link == "" {
				continue
			}
			p := &promised{link: link, uuid: r.UUID}
			if seed, err := r.Seed.Int64(); err == nil {
				p.seed = &seed
			}
			results = append(results, p)
		}
	}
	return results, nil
}
