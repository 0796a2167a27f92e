// What Luma accepts in a request, and what the pictures it links to do to the result.

package sandbox

import (
	"context"
	"fmt"
	"image"
	"maps"
	"slices"
)

// lumaRequest is a checked request, as answers echo it. An image request and a reframe share one type
// because a list holds both; which fields an answer shows depends on Kind, see lumaEcho.
type lumaRequest struct {
	Kind         string         `json:"kind"` // "image" or "reframe_image"
	Model        string         `json:"model"`
	Prompt       *string        `json:"prompt"`
	AspectRatio  string         `json:"aspect_ratio"`
	Format       *string        `json:"format"`
	CallbackURL  *string        `json:"callback_url"`
	ImageRef     []lumaRef      `json:"image_ref"`
	StyleRef     []lumaRef      `json:"style_ref"`
	CharacterRef *lumaCharacter `json:"character_ref"`
	ModifyRef    *lumaRef       `json:"modify_image_ref"`
	Media        *lumaRef       `json:"media"`
	Placing      map[string]int `json:"placing"` // reframe's numbers
}

type lumaRef struct {
	URL    string   `json:"url"`
	Weight *float64 `json:"weight,omitempty"`
}

type lumaCharacter struct {
	Identity0 lumaIdentity `json:"identity0"`
}

type lumaIdentity struct {
	Images []string `json:"images"`
}

func (r lumaRequest) promptText() string { return or(r.Prompt, "") }
func (r lumaRequest) fileFormat() string { return or(r.Format, "jpg") }

// readLumaCommon reads the fields both kinds of request have.
func readLumaCommon(f *form, r *lumaRequest) {
	var ratios []string
	for _, s := range lumaSizes {
		ratios = append(ratios, s.ratio)
	}
	r.Model = or(f.choice("model", slices.Sorted(maps.Keys(lumaModels))...), "photon-1")
	r.AspectRatio = or(f.choice("aspect_ratio", ratios...), "16:9")
	r.Format = f.choice("format", "jpg", "png")
	r.CallbackURL = f.open("callback_url") // the guide's example holds a placeholder: where it leads nowhere, nobody is called
}

func readLumaImage(f *form) lumaRequest {
	r := lumaRequest{Kind: "image"}
	readLumaCommon(f, &r)
	f.require("prompt")
	r.Prompt = f.text("prompt", 3, 5000)
	f.choice("generation_type", "image")
	f.boolean("sync")
	f.number("sync_timeout", 0, 3600)
	r.ImageRef = readLumaRefs(f, "image_ref", 4)
	r.StyleRef = readLumaRefs(f, "style_ref", 1)
	if g := f.group("modify_image_ref"); g != nil {
		r.ModifyRef = readLumaRef(g)
	}
	if g := f.group("character_ref"); g != nil {
		g.require("identity0")
		if identity := g.group("identity0"); identity != nil {
			identity.require("images")
			r.CharacterRef = &lumaCharacter{lumaIdentity{identity.links("images", 1, 4)}}
			identity.only()
		}
		g.only()
	}
	return r
}

func readLumaRefs(f *form, key string, most int) []lumaRef {
	var refs []lumaRef
	for _, g := range f.groups(key, 1, most) {
		refs = append(refs, *readLumaRef(g))
	}
	return refs
}

func readLumaRef(g *form) *lumaRef {
	g.require("url")
	ref := &lumaRef{URL: or(g.link("url"), ""), Weight: g.anyNumber("weight")}
	g.only()
	return ref
}

var lumaPlacing = []string{"grid_position_x", "grid_position_y", "x_start", "x_end", "y_start", "y_end", "resized_width", "resized_height"}

func readLumaReframe(f *form) lumaRequest {
	r := lumaRequest{Kind: "reframe_image"}
	readLumaCommon(f, &r)
	f.require("media", "aspect_ratio", "generation_type", "model")
	r.Prompt = f.text("prompt", 0, 5000) // what lies beyond the edges may be left to Luma
	f.choice("generation_type", "reframe_image")
	if g := f.group("media"); g != nil {
		g.require("url")
		r.Media = &lumaRef{URL: or(g.link("url"), "")}
		g.only()
	}
	for _, key := range lumaPlacing {
		if n := f.anyInteger(key); n != nil {
			if r.Placing == nil {
				r.Placing = map[string]int{}
			}
			r.Placing[key] = *n
		}
	}
	return r
}

// lumaLink is one picture a request links to.
type lumaLink struct {
	url      string
	manner   manner
	strength float64
}

func (r lumaRequest) links() []lumaLink {
	var links []lumaLink
	if r.ModifyRef != nil {
		links = append(links, lumaLink{r.ModifyRef.URL, modified, clamp01(or(r.ModifyRef.Weight, 0.5))})
	}
	if r.Media != nil {
		links = append(links, lumaLink{r.Media.URL, extended, 1})
	}
	for _, ref := range r.StyleRef {
		links = append(links, lumaLink{ref.URL, styled, clamp01(or(ref.Weight, 0.8))})
	}
	for _, ref := range r.ImageRef {
		links = append(links, lumaLink{ref.URL, guided, clamp01(or(ref.Weight, 0.85))})
	}
	if r.CharacterRef != nil {
		for _, url := range r.CharacterRef.Identity0.Images {
			links = append(links, lumaLink{url, portrait, 0.7})
		}
	}
	return links
}

// prepare fetches the pictures a generation links to and notes what they do, or why it fails. When the
// sandbox closes meanwhile, nothing is noted and the next start fetches again.
func (l *luma) prepare(ctx context.Context, id string) {
	j, found := l.snapshot(id)
	if !found || !j.Ready.IsZero() {
		return
	}
	influences, failure := l.influences(ctx, j.Request)
	if ctx.Err() != nil {
		return
	}
	if len(influences) > 0 && failure == "" {
		if err := l.s.store.put(lumaInfluences, j.ID, influences); err != nil {
			failure = "500: internal error"
		}
	}
	_ = l.update(id, func(j *lumaJob) { // unwritten, the generation stays unready until the next start
		j.Ready = l.s.stamp()
		if j.Failure == "" {
			j.Failure = failure
		}
	})
}

func (l *luma) influences(ctx context.Context, r lumaRequest) (all []influence, failure string) {
	var faces []*image.RGBA
	for _, link := range r.links() {
		longest := 320
		if link.manner == modified || link.manner == extended {
			longest = 1360
		}
		img, err := l.s.fetcher.picture(ctx, link.url, longest)
		if err != nil {
			return nil, fmt.Sprintf("400: failed to fetch image %s: %v", withoutQuery(link.url), err)
		}
		if link.manner == portrait {
			faces = append(faces, img)
			continue
		}
		in := influence{Manner: link.manner, Strength: link.strength, Picture: jpegBytes(img)}
		if link.manner == extended {
			in.Frame = lumaFrame(r, img.Rect.Dx(), img.Rect.Dy())
		}
		all = append(all, in)
	}
	if len(faces) > 0 {
		all = append(all, influence{Manner: portrait, Strength: 0.7, Picture: jpegBytes(average(faces, 320))})
	}
	return all, ""
}

// lumaFrame is where a reframed picture lies: where the request says, or else whole and in the middle.
func lumaFrame(r lumaRequest, pw, ph int) image.Rectangle {
	w, h := lumaSize(r.AspectRatio)
	scale := min(float64(w)/float64(pw), float64(h)/float64(ph))
	fw, fh := int(float64(pw)*scale+0.5), int(float64(ph)*scale+0.5)
	place := func(key string, def int) int {
		if v, ok := r.Placing[key]; ok {
			return v
		}
		return def
	}
	fw = place("x_end", place("x_start", 0)+place("resized_width", fw)) - place("x_start", 0)
	fh = place("y_end", place("y_start", 0)+place("resized_height", fh)) - place("y_start", 0)
	fw, fh = min(max(fw, 1), w), min(max(fh, 1), h)
	x := min(max(place("grid_position_x", place("x_start", (w-fw)/2)), 1-fw), w-1)
	y := min(max(place("grid_position_y", place("y_start", (h-fh)/2)), 1-fh), h-1)
	return image.Rect(x, y, x+fw, y+fh)
}
