// What Bria's generations answer, and the files their links lead to.

package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

type briaResultAnswer struct {
	URLs []string `json:"urls"`
	Seed int      `json:"seed"`
	UUID string   `json:"uuid"`
}

// answer lists one element an image.
func (g briaGeneration) answer(links site) map[string][]briaResultAnswer {
	results := make([]briaResultAnswer, len(g.Results))
	for i, r := range g.Results {
		results[i] = briaResultAnswer{[]string{links.lasting("bria", "generated/"+g.fileName(r), g.Created)}, r.Seed, r.UUID}
	}
	return map[string][]briaResultAnswer{"result": results}
}

func (g briaGeneration) fileName(r briaResult) string {
	return fmt.Sprintf("%s_seed_%d.%s", r.UUID, r.Seed, g.Format)
}

// asset serves images/ID.jpg, thumbnails/ID.jpg and generated/UUID_seed_SEED.FORMAT.
func (b *bria) asset(path string) (file, bool) {
	kind, name, _ := strings.Cut(path, "/")
	switch kind {
	case "images", "thumbnails":
		return b.imageAsset(kind, name)
	case "generated":
		return b.generatedAsset(name)
	}
	return file{}, false
}

// generatedAsset draws a result. Until it is there, its link leads nowhere or, for some results once the
// work has begun, to an empty file.
func (b *bria) generatedAsset(name string) (file, bool) {
	g, r, found := b.result(name)
	if !found || g.Failure != "" {
		return file{}, false
	}
	switch g.phase(b.s.now()) {
	case queued:
		return file{}, false
	case running:
		return file{contentType: "application/octet-stream"}, hashText(r.UUID)%2 == 0
	}
	p, err := b.painting(g, r)
	if err != nil {
		return file{}, false
	}
	var f file
	if g.Format == "svg" {
		f = drawVector(p)
	} else {
		f = encode(paint(p), g.Format)
	}
	f.modified = g.ends()
	return f, true
}

func (b *bria) result(name string) (briaGeneration, briaResult, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, g := range slices.Backward(b.generations) {
		for _, r := range g.Results {
			if g.fileName(r) == name {
				return *g, r, true
			}
		}
	}
	return briaGeneration{}, briaResult{}, false
}

// painting says what a result shows: the prompt in the model's look, then the request's references.
func (b *bria) painting(g briaGeneration, r briaResult) (painting, error) {
	p := painting{prompt: g.Prompt, seed: int64(r.Seed)}
	p.width, p.height = b.s.bounded(g.Size.X, g.Size.Y)
	var look influence
	if _, err := b.s.store.getNumbered(briaLooks, g.Model, &look); err != nil {
		return p, err
	}
	look.Strength = g.Influence
	if g.Influence > 0 {
		p.influences = append(p.influences, look)
	}
	var references []influence
	if _, err := b.s.store.getNumbered(briaReferences, g.Number, &references); err != nil {
		return p, err
	}
	p.influences = append(p.influences, references...)
	return p, nil
}
