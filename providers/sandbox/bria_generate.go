// Generation with Bria's tailored models: the requests and the rules among their fields.

package sandbox

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// briaSizes maps each aspect ratio to the size of a result in pixels.
var briaSizes = map[string]image.Point{
	"1:1": {X: 1024, Y: 1024}, "2:3": {X: 832, Y: 1248}, "3:2": {X: 1248, Y: 832}, "3:4": {X: 888, Y: 1184}, "4:3": {X: 1184, Y: 888},
	"4:5": {X: 912, Y: 1140}, "5:4": {X: 1140, Y: 912}, "9:16": {X: 774, Y: 1376}, "16:9": {X: 1376, Y: 774},
}

// briaGuidance maps each guidance method to what its picture does to a painting.
var briaGuidance = map[string]manner{
	"controlnet_canny": traced, "controlnet_depth": shaded, "controlnet_recoloring": recolor, "controlnet_color_grid": gridded,
}

const (
	briaMaxGuidance = 4
	briaMaxFile     = 12 << 20 // bytes of a guidance image
)

// briaRoute is one of the three ways to generate. Only text-to-vector documents more than 400 for an image;
// reimagine documents nothing, and goes along.
type briaRoute struct {
	kind     string
	format   string // png or svg
	syncs    bool   // the default of sync
	detailed bool   // what is wrong with an image is answered 403, 415 or 422; otherwise 400
}

// briaGeneration is one accepted request as stored.
type briaGeneration struct {
	Number    int          `json:"number"`
	Kind      string       `json:"kind"`
	Format    string       `json:"format"`
	Model     int          `json:"model"`
	Prompt    string       `json:"prompt"`
	Size      image.Point  `json:"size"`
	Influence float64      `json:"influence"` // of the model, 0..1
	Results   []briaResult `json:"results"`
	timeline
}

type briaResult struct {
	UUID string `json:"uuid"`
	Seed int    `json:"seed"`
}

func (b *bria) routeGeneration() {
	for _, route := range []briaRoute{
		{kind: "text-to-image", format: "png"},
		{kind: "text-to-vector", format: "svg", syncs: true, detailed: true},
		{kind: "reimagine", format: "png", detailed: true},
	} {
		b.route("POST /"+route.kind+"/tailored/{model_id}", func(r *http.Request) (int, any, error) { return b.generate(r, route) })
	}
}

func (b *bria) generate(r *http.Request, route briaRoute) (int, any, error) {
	m, err := b.trained(pathNumber(r, "model_id"), route)
	if err != nil {
		return 0, nil, err
	}
	f := readFormUpTo(r, maxBriaRequest)
	if f.fields == nil {
		return 0, nil, briaError(http.StatusBadRequest, strings.Join(f.sentences(), "; "))
	}
	request := briaRequest{b: b, f: f, model: m, route: route}
	g, waits := request.read(r.Context())
	f.only()
	switch {
	case !f.ok():
		return 0, nil, briaError(http.StatusBadRequest, strings.Join(f.sentences(), "; "))
	case request.refused != nil:
		return 0, nil, request.refused
	}
	if err := b.acceptGeneration(&g, request.references); err != nil {
		return 0, nil, err
	}
	if waits && !b.s.wait(r.Context(), g.ends()) {
		return 0, nil, r.Context().Err()
	}
	return http.StatusOK, g.answer(b.s.site(r)), nil
}

// trained finds a model that a route can generate with.
func (b *bria) trained(id int, route briaRoute) (briaModel, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, err := b.model(id)
	if err != nil { // these routes document no 404
		return briaModel{}, briaError(http.StatusBadRequest, "The model_id does not exist")
	}
	p, err := b.project(m.Project)
	switch {
	case err != nil:
		return briaModel{}, err
	case m.status(b.s.now()) != "Completed":
		return briaModel{}, briaError(http.StatusBadRequest, "The model is not trained, its status is "+m.status(b.s.now()))
	case route.format == "svg" && p.Medium != "illustration":
		return briaModel{}, briaError(http.StatusBadRequest, "Text-to-vector is compatible with tailored models in the illustrative domain only")
	case route.kind == "reimagine" && m.Version == "max":
		return briaModel{}, briaError(http.StatusBadRequest, "Models trained using the Max training version do not support structure references")
	}
	return *m, nil
}

// acceptGeneration stores a generation and its references under the next number.
func (b *bria) acceptGeneration(g *briaGeneration, references []influence) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	g.Number = len(b.generations)
	g.timeline = newTimeline(g.Results[0].UUID, b.s.stamp(), b.s.pace)
	g.Ready = g.Created
	if forbidden(g.Prompt) {
		g.Failure = "never made" // Bria has no way to say so: the links just lead nowhere
	}
	if len(references) > 0 {
		if err := b.s.store.putNumbered(briaReferences, g.Number, references); err != nil {
			return err
		}
	}
	if err := b.s.store.putNumbered(briaGenerations, g.Number, g); err != nil {
		return err
	}
	stored := *g
	b.generations = append(b.generations, &stored)
	return nil
}

// briaRequest is a generation's request while it is read.
type briaRequest struct {
	b          *bria
	f          *form
	model      briaModel
	route      briaRoute
	references []influence
	shape      image.Point // of the guidance images; zero without
	refused    error       // the first thing wrong with an image
}

// read reads all fields; waits is whether the answer waits for the images.
func (q *briaRequest) read(ctx context.Context) (g briaGeneration, waits bool) {
	f := q.f
	g = briaGeneration{Kind: q.route.kind, Format: q.route.format, Model: q.model.ID, Influence: 1}
	g.Prompt = q.prompt()
	waits = or(f.boolean("sync"), q.route.syncs)
	fast := or(f.boolean("fast"), q.model.Version == "light")
	if fast && q.model.Version == "max" {
		f.add("fast", "value_error", "models trained using the Max training version do not support fast generation")
	}
	if fast {
		f.integer("steps_num", 4, 20)
	} else {
		f.integer("steps_num", 20, 50)
	}
	most, ratio := 4, "1:1"
	if !fast {
		most = 2
	}
	if q.route.kind == "reimagine" {
		g.Influence = clamp01(or(f.anyNumber("tailored_model_influence"), 1))
		q.readStructure(ctx)
	} else {
		g.Influence = or(f.number("model_influence", 0, 1), 1)
		ratio = or(f.choice("aspect_ratio", sortedKeys(briaSizes)...), ratio)
		if q.readGuidance(ctx) {
			most = 1
		}
	}
	g.Size = q.size(ratio)
	count := or(f.integer("num_results", 1, most), most)
	seed := or(f.anyInteger("seed"), rand.IntN(1<<31))
	for i := range count {
		g.Results = append(g.Results, briaResult{uuid.NewString(), seed + i})
	}
	return g, waits
}

// prompt reads the prompt and puts the model's prefix before it. Which special characters are excluded is not
// documented: here pictograms and control characters are.
func (q *briaRequest) prompt() string {
	q.f.require("prompt")
	prompt := or(q.f.text("prompt", 1, briaMaxText), "")
	foreign := func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }
	special := func(r rune) bool {
		return unicode.Is(unicode.So, r) || unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r)
	}
	switch {
	case q.f.has("prompt") && strings.TrimSpace(prompt) == "":
		q.f.add("prompt", "value_error", "the prompt is empty")
	case strings.ContainsFunc(prompt, foreign):
		q.f.add("prompt", "value_error", "prompts are supported in English only")
	case strings.ContainsFunc(prompt, special):
		q.f.add("prompt", "value_error", "special characters are not supported")
	}
	if or(q.f.boolean("include_generation_prefix"), true) {
		return q.model.Prefix + " " + prompt
	}
	return prompt
}

// size is that of the aspect ratio or, with guidance images, of theirs at as many pixels.
func (q *briaRequest) size(ratio string) image.Point {
	if q.shape == (image.Point{}) {
		return briaSizes[ratio]
	}
	r := min(max(float64(q.shape.X)/float64(q.shape.Y), 0.25), 4)
	side := func(length float64) int { return int(length/8+0.5) * 8 }
	return image.Pt(side(1024*math.Sqrt(r)), side(1024/math.Sqrt(r)))
}

// readGuidance reads the guidance methods and the image prompt; it reports whether there are any.
func (q *briaRequest) readGuidance(ctx context.Context) bool {
	f, guided := q.f, false
	for i := 1; i <= briaMaxGuidance; i++ {
		key := fmt.Sprintf("guidance_method_%d", i)
		method := f.choice(key, sortedKeys(briaGuidance)...)
		scale := or(f.number(key+"_scale", 0, 1), 1)
		encoded := f.text(key+"_image_file", 1, maxBriaRequest)
		switch {
		case f.has(key) && i > 1 && !f.has(fmt.Sprintf("guidance_method_%d", i-1)):
			f.add(key, "value_error", "guidance_method_%d has to be used first", i-1)
		case f.has(key) && !f.has(key+"_image_file"):
			f.add(key+"_image_file", "value_error", "an image must be provided with %s", key)
		case !f.has(key) && (f.has(key+"_scale") || f.has(key+"_image_file")):
			f.add(key, "value_error", "required with its image or scale")
		}
		guided = guided || f.has(key)
		if method == nil || encoded == nil {
			continue
		}
		if img := q.decode(key+"_image_file", *encoded); img != nil {
			q.keepShape(key+"_image_file", img.Bounds().Size())
			q.refer(briaGuidance[*method], scale, img)
		}
	}
	guided = q.readImagePrompt(ctx) || guided
	if guided && q.model.Version == "max" {
		f.add("", "value_error", "models trained using the Max training version do not support generation with guidance methods")
	}
	return guided
}

// keepShape holds all guidance images to the aspect ratio of the first, to a hundredth.
func (q *briaRequest) keepShape(key string, size image.Point) {
	if q.shape == (image.Point{}) {
		q.shape = size
		return
	}
	first, this := float64(q.shape.X)/float64(q.shape.Y), float64(size.X)/float64(size.Y)
	if math.Abs(this/first-1) > 0.01 {
		q.f.add(key, "value_error", "all guidance images must be of the same aspect ratio")
	}
}

// readImagePrompt reads the IP adapter's fields and reports whether it is used.
func (q *briaRequest) readImagePrompt(ctx context.Context) bool {
	f := q.f
	mode := guided
	if or(f.choice("image_prompt_mode", "regular", "style_only"), "regular") == "style_only" {
		mode = styled
	}
	scale := or(f.number("image_prompt_scale", 0, 1), 1)
	if encoded := f.text("image_prompt_file", 1, maxBriaRequest); encoded != nil {
		if img := q.decode("image_prompt_file", *encoded); img != nil {
			q.refer(mode, scale, img)
		}
	}
	for _, link := range f.links("image_prompt_urls", 1, 1000) {
		if img := q.fetch(ctx, link); img != nil {
			q.refer(mode, scale, img)
		}
	}
	return f.has("image_prompt_file") || f.has("image_prompt_urls")
}

// readStructure reads the structure reference of a reimagine request.
func (q *briaRequest) readStructure(ctx context.Context) {
	f := q.f
	encoded, link := f.text("structure_image_file", 1, maxBriaRequest), f.link("structure_image_url")
	scale := clamp01(or(f.anyNumber("structure_ref_influence"), 0.75))
	if f.has("structure_image_file") == f.has("structure_image_url") {
		f.add("structure_image_file", "value_error", "exactly one of structure_image_file and structure_image_url is required")
		return
	}
	var img image.Image
	switch {
	case encoded != nil:
		img = q.decode("structure_image_file", *encoded)
	case link != nil:
		img = q.fetch(ctx, *link)
	}
	if img != nil {
		q.keepShape("", img.Bounds().Size())
		q.refer(recolor, scale*0.6, img)
		q.refer(traced, scale, img)
	}
}

func (q *briaRequest) refer(m manner, strength float64, img image.Image) {
	q.references = append(q.references, influence{Manner: m, Strength: strength, Picture: jpegBytes(fitWithin(onBlack(img), 768))})
}

// refuse notes what is wrong with an image, under a status where the route documents it.
func (q *briaRequest) refuse(status int, text string) {
	if !q.route.detailed {
		status = http.StatusBadRequest
	}
	if q.refused == nil {
		q.refused = briaError(status, text)
	}
}

const briaInvalidType = "Unsupported Media Type. Invalid file type. Supported file types are jpeg, jpg, png, webp."

// decode reads an image given in base64; nil when it is none, which is noted.
func (q *briaRequest) decode(key, encoded string) image.Image {
	data, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case err != nil:
		q.f.add(key, "value_error", "not valid base64")
		return nil
	case len(data) > briaMaxFile:
		q.f.add(key, "value_error", "the file is larger than 12MB")
		return nil
	}
	img, format, err := decodePicture(data)
	switch {
	case errors.Is(err, errNoImage) || (err == nil && !slices.Contains(briaFormats, format)):
		q.refuse(http.StatusUnsupportedMediaType, briaInvalidType)
	case err != nil:
		q.refuse(http.StatusUnprocessableEntity, key+": "+err.Error())
	default:
		return img
	}
	return nil
}

// fetch reads a linked image; nil when it is none, which is noted.
func (q *briaRequest) fetch(ctx context.Context, link string) image.Image {
	img, format, err := q.b.s.fetcher.original(ctx, link)
	var status statusError
	switch {
	case errors.As(err, &status) && (status == http.StatusForbidden || status == http.StatusUnauthorized):
		q.refuse(http.StatusForbidden, "Forbidden. Insufficient permissions to access the image URL.")
	case err != nil:
		q.refuse(http.StatusUnprocessableEntity, "Unprocessable Entity. The URL does not point to a valid image or is inaccessible.")
	case !slices.Contains(briaFormats, format):
		q.refuse(http.StatusUnsupportedMediaType, briaInvalidType)
	default:
		return img
	}
	return nil
}
