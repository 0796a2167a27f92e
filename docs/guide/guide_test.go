package guide_test

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/docs/guide"
)

// Each picture, and all of them, are part of the program.
const (
	pictureMost  = 120_000 // bytes
	picturesMost = 700_000
)

func TestEveryPageIsListedAndEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	pages := guide.Pages()
	if len(pages) != len(names) {
		t.Errorf("%d pages are listed in %s of %d", len(pages), guide.Start, len(names))
	}
	for _, page := range pages {
		if page.Title == "" || len(page.Sections[0].Blocks) == 0 {
			t.Errorf("%s has no title", page.File)
		}
		for _, target := range page.Links() {
			if !strings.HasPrefix(target, "https://") && !guide.Leads(page.File, target) {
				t.Errorf("%s: %s leads nowhere", page.File, target)
			}
		}
		var anchors []string
		for _, section := range page.Sections {
			if slices.Contains(anchors, section.Anchor) {
				t.Errorf("%s has two headings %q", page.File, section.Title)
			}
			anchors = append(anchors, section.Anchor)
		}
	}
}

func TestThePicturesAreThereAndSmall(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("pictures/*.jpg")
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	total := 0
	for _, page := range guide.Pages() {
		for _, section := range page.Sections {
			for _, block := range section.Blocks {
				if block.Picture != "" {
					used = append(used, block.Picture)
				}
			}
		}
	}
	for _, name := range used {
		if _, err := jpeg.DecodeConfig(bytes.NewReader(guide.Picture(name))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range names {
		size := len(guide.Picture(filepath.ToSlash(name)))
		total += size
		if size > pictureMost {
			t.Errorf("%s has %d bytes; %d are the most", name, size, pictureMost)
		}
		if !slices.Contains(used, filepath.ToSlash(name)) {
			t.Errorf("%s is on no page", name)
		}
	}
	if total > picturesMost {
		t.Errorf("the pictures have %d bytes; %d are the most", total, picturesMost)
	}
}

// ofOthers are names in bold that aren't the window's: services, and what leads a list.
var ofOthers = []string{
	"Luma Dream Machine", "dreamlook.ai", "Bria", "LucyDream", "photon-1", "photon-flash-1",
	"To a service", "To your bucket", "To whoever has the link", "To the hosts of results", "To a proxy", "To your browser", "To the project's site",
}

var (
	bold = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	verb = regexp.MustCompile(`%[sdv]`)
)

// What the guide calls by name in bold is what the window says: a button that is called otherwise now is found here.
func TestWhatTheGuideNamesIsInTheWindow(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.FromSlash("../../views/locales/en.json"))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]any{} // what changes in a text is written … in the guide
	if err := json.Unmarshal(content, &said); err != nil {
		t.Fatal(err)
	}
	for text := range said {
		said[verb.ReplaceAllString(text, "…")] = true
	}
	for _, page := range guide.Pages() {
		for _, section := range page.Sections {
			for _, block := range section.Blocks {
				for _, found := range bold.FindAllStringSubmatch(block.Text, -1) {
					if _, there := said[found[1]]; !there && !slices.Contains(ofOthers, found[1]) {
						t.Errorf("%s names %q, which the window doesn't say", page.File, found[1])
					}
				}
			}
		}
	}
}
