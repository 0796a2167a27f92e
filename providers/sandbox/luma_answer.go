// Luma's generation object and the picture it links to.

package sandbox

import (
	"slices"
	"strings"
)

// lumaGeneration is a generation as answers show it.
type lumaGeneration struct {
	ID            string      `json:"id"`
	Type          string      `json:"type"`
	State         string      `json:"state"`
	FailureReason *string     `json:"failure_reason"`
	CreatedAt     string      `json:"created_at"`
	Assets        *lumaAssets `json:"assets"`
	Model         string      `json:"model"`
	Request       lumaEcho    `json:"request"`
}

type lumaAssets struct {
	Video *string `json:"video"`
	Image *string `json:"image"`
}

func (l *luma) generation(j lumaJob, links site) lumaGeneration {
	now := l.s.now()
	g := lumaGeneration{
		ID: j.ID, Type: j.Request.Kind, State: "queued",
		CreatedAt: j.Created.UTC().Format("2006-01-02T15:04:05.000000Z"),
		Model:     lumaModels[j.Request.Model].version,
		Request:   lumaEcho{j.Request},
	}
	switch {
	case j.phase(now) == running:
		g.State = "dreaming"
	case j.phase(now) == finished && j.Failure != "":
		g.State, g.FailureReason = "failed", &j.Failure
	case j.phase(now) == finished:
		link := links.signed(l.name(), "images/"+j.ID+"."+j.Request.fileFormat(), now, lumaLinkValid)
		g.State, g.Assets = "completed", &lumaAssets{Image: &link}
	}
	return g
}

// asset draws the picture images/ID.FORMAT.
func (l *luma) asset(path string) (file, bool) {
	name, _ := strings.CutPrefix(path, "images/")
	id, format, _ := strings.Cut(name, ".")
	j, found := l.snapshot(id)
	if !found || j.phase(l.s.now()) != finished || j.Failure != "" || format != j.Request.fileFormat() {
		return file{}, false
	}
	p := painting{prompt: j.Request.promptText(), seed: int64(hashText(j.ID) >> 1)}
	p.width, p.height = l.s.bounded(lumaSize(j.Request.AspectRatio))
	if _, err := l.s.store.get(lumaInfluences, j.ID, &p.influences); err != nil {
		return file{}, false
	}
	f := encode(paint(p), format)
	f.modified = j.ends()
	return f, true
}

// lumaSize is the size in pixels of a picture in an aspect ratio.
func lumaSize(ratio string) (w, h int) {
	i := slices.IndexFunc(lumaSizes, func(s lumaDimensions) bool { return s.ratio == ratio })
	s := lumaSizes[max(i, 0)]
	return s.w, s.h
}

type lumaDimensions struct {
	ratio string
	w, h  int
}

var lumaSizes = []lumaDimensions{
	{"16:9", 1360, 768},
	{"1:1", 1024, 1024},
	{"3:4", 896, 1184},
	{"4:3", 1184, 896},
	{"9:16", 768, 1360},
	{"9:21", 640, 1504},
	{"21:9", 1504, 640},
}
