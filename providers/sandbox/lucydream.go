// LucyDream's model creation. Source: "LucyDream API: Model Creation".

package sandbox

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

const (
	lucydreamTunes    = "lucydream tunes"
	lucydreamPhotos   = 5
	lucydreamMaxTitle = 15 // characters
)

type lucydream struct {
	s   *Sandbox
	mux *http.ServeMux

	mu    sync.Mutex
	tunes []*lucydreamTune // in order of creation
}

// lucydreamTune is one model as stored.
type lucydreamTune struct {
	ID     string `json:"id"`
	Number int    `json:"number"`
	Title  string `json:"title"`
	Name   string `json:"name"`
	Stored bool   `json:"stored"` // the model's file has been put into the bucket
	timeline
}

func (l *lucydream) name() string { return "lucydream" }
func (l *lucydream) base() string { return "/lucydream/wp-json" }

func (l *lucydream) variables() (string, string) {
	return "MAQUETTE_LUCYDREAM_URL", "LUCYDREAM_API_KEY"
}

func (l *lucydream) open(s *Sandbox) error {
	l.s = s
	if err := eachRecord(s.store, lucydreamTunes, func(t lucydreamTune) { l.tunes = append(l.tunes, &t) }); err != nil {
		return err
	}
	l.mux = http.NewServeMux()
	l.mux.HandleFunc("POST /apiservices/v1/generate", l.generate)
	l.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		wordpressError(w, http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")
	})
	for _, t := range l.tunes {
		l.follow(*t)
	}
	return nil
}

func (l *lucydream) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.mux.ServeHTTP(w, r) }

func (l *lucydream) asset(string) (file, bool) { return file{}, false }

func (l *lucydream) errorBody(status int) any {
	return map[string]string{"error": http.StatusText(status)}
}

func (l *lucydream) submissions() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tunes)
}

// wordpressError answers an error that comes from WordPress rather than from LucyDream's route.
func wordpressError(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, map[string]any{"code": code, "message": message, "data": map[string]int{"status": status}})
}

func (l *lucydream) refuse(w http.ResponseWriter, status int, text string) {
	answer(w, status, map[string]string{"error": text})
}

func (l *lucydream) generate(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-API-Key") != l.s.Key(l.name()) {
		l.refuse(w, http.StatusForbidden, "Invalid API key")
		return
	}
	f := readForm(r)
	if f.fields == nil {
		wordpressError(w, http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed.")
		return
	}
	if !f.has("tune") {
		l.refuse(w, http.StatusBadRequest, "Without a tune object this request is an image generation, which the sandbox does not offer.")
		return
	}
	title, name, links, wrong := readTune(f)
	if wrong != "" {
		l.refuse(w, http.StatusBadRequest, wrong)
		return
	}
	if status, text := l.fetch(r.Context(), links); text != "" {
		l.refuse(w, status, text)
		return
	}
	id, err := l.accept(title, name)
	if err != nil {
		l.refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{"success": true, "tune_id": id, "message": "Model creation initiated successfully"})
}

// readTune checks the documented parameters; there are no others. The first wrong one is put into words.
func readTune(f *form) (title, name string, links []string, wrong string) {
	g := f.group("tune")
	if g == nil {
		return "", "", nil, "The tune parameter must be an object."
	}
	title, _ = g.get("title").(string)
	name, _ = g.get("name").(string)
	items, _ := g.get("image_urls").([]any)
	switch {
	case title == "":
		return "", "", nil, "The tune.title parameter is required."
	case utf8.RuneCountInString(title) > lucydreamMaxTitle:
		return "", "", nil, "The tune.title parameter must not exceed 15 characters."
	case name != "man" && name != "woman":
		return "", "", nil, `The tune.name parameter must be "man" or "woman".`
	case len(items) != lucydreamPhotos:
		return "", "", nil, "The tune.image_urls parameter must contain exactly 5 URLs."
	}
	for where, form := range map[string]*form{"": f, "tune.": g} {
		if extra := form.unknown(); len(extra) > 0 {
			return "", "", nil, fmt.Sprintf("The parameter %s%s is not known.", where, extra[0])
		}
	}
	links = g.links("image_urls", lucydreamPhotos, lucydreamPhotos)
	if len(links) != lucydreamPhotos {
		return "", "", nil, "The tune.image_urls parameter must contain exactly 5 URLs."
	}
	return title, name, links, ""
}

// fetch looks at each photo before the training is taken on; text is empty when all are there.
func (l *lucydream) fetch(ctx context.Context, links []string) (status int, text string) {
	for i, link := range links {
		_, format, err := l.s.fetcher.original(ctx, link)
		if err != nil {
			return http.StatusInternalServerError, fmt.Sprintf("Failed to fetch image %d", i+1)
		}
		if !slices.Contains([]string{"jpeg", "png", "webp"}, format) {
			return http.StatusBadRequest, fmt.Sprintf("Image %d must be in JPEG, PNG, or WEBP format.", i+1)
		}
	}
	return 0, ""
}

// accept stores a new tune and returns its id.
func (l *lucydream) accept(title, name string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &lucydreamTune{ID: l.freeID(), Number: len(l.tunes), Title: title, Name: name}
	t.timeline = newTimeline(t.ID, l.s.stamp(), l.s.pace)
	t.Ready = t.Created
	if forbidden(title) {
		t.Failure = "never trained" // LucyDream has no way to say so: the model just never comes
	}
	if err := l.s.store.putNumbered(lucydreamTunes, t.Number, t); err != nil {
		return "", err
	}
	l.tunes = append(l.tunes, t)
	l.follow(*t)
	return t.ID, nil
}

// freeID draws an unused number of five digits or, when many are used, more. l.mu is held.
func (l *lucydream) freeID() string {
	for span := 90_000; ; span *= 2 {
		id := strconv.Itoa(10_000 + rand.IntN(span))
		if !slices.ContainsFunc(l.tunes, func(t *lucydreamTune) bool { return t.ID == id }) {
			return id
		}
	}
}

// follow puts the model into the bucket when its time has come; after a restart it goes on from there.
func (l *lucydream) follow(t lucydreamTune) {
	if t.Stored || t.Failure != "" {
		return
	}
	l.s.spawn(func(ctx context.Context) {
		if !l.s.wait(ctx, t.ends()) {
			return
		}
		// Failing, both are done again at the next start.
		if err := l.s.bucket.store(t.ID+".safetensors", "application/octet-stream", t.model().bytes()); err == nil {
			_ = l.markStored(t.Number)
		}
	})
}

func (l *lucydream) markStored(number int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := *l.tunes[number]
	changed.Stored = true
	if err := l.s.store.putNumbered(lucydreamTunes, number, changed); err != nil {
		return err
	}
	*l.tunes[number] = changed
	return nil
}

// model is the file that is trained.
func (t lucydreamTune) model() safetensors {
	shapes := map[string][]int{
		"lora_unet_mid_block_attentions_0_proj_in.lora_down.weight": {16, 1280},
		"lora_unet_mid_block_attentions_0_proj_in.lora_up.weight":   {1280, 16},
	}
	return newSafetensors(shapes, map[string]string{"format": "pt", "tune_id": t.ID, "title": t.Title, "name": t.Name}, hashText(t.ID))
}
