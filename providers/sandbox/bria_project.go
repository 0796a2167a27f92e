// Bria's projects: an IP, its medium and its type, and the rules among them.

package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// briaTypes maps each IP type to the media it is valid in and to what its caption prefix says is shown.
var briaTypes = map[string]struct {
	media []string
	shows string
}{
	"multi_object_set":   {[]string{"illustration"}, "an object from a set of one style"},
	"object_variants":    {[]string{"illustration"}, ""}, // the IP's description
	"icons":              {[]string{"illustration"}, "an icon"},
	"defined_character":  {[]string{"illustration", "photography"}, "a character named"},
	"character_variants": {[]string{"illustration"}, "a character"},
	"stylized_scene":     {[]string{"illustration", "photography"}, "a scene"},
	"other":              {[]string{"illustration", "photography"}, "the brand's style"},
}

// The documented limits of an IP's texts.
const (
	briaNameWords        = 3
	briaDescriptionWords = 6
	briaMaxText          = maxBriaRequest // characters; no document limits a text
)

// briaProject is one project as stored.
type briaProject struct {
	ID            int       `json:"id"`
	Name          string    `json:"name"`
	Description   string    `json:"description"`
	IPName        string    `json:"ip_name"`
	IPDescription string    `json:"ip_description"`
	Medium        string    `json:"medium"`
	Type          string    `json:"type"`
	Created       time.Time `json:"created"`
	Deleted       bool      `json:"deleted"`
}

type briaProjectAnswer struct {
	ID            int    `json:"id"`
	Name          string `json:"project_name"`
	Description   string `json:"project_description"`
	IPName        string `json:"ip_name"`
	IPDescription string `json:"ip_description"`
	Medium        string `json:"ip_medium"`
	Type          string `json:"ip_type"`
	Status        string `json:"status"`
	Created       string `json:"created_at"`
}

func (p briaProject) answer() briaProjectAnswer {
	return briaProjectAnswer{p.ID, p.Name, p.Description, p.IPName, p.IPDescription, p.Medium, p.Type, "active", briaTime(p.Created)}
}

// captionPrefix is what a new dataset's captions and a model's prompts start with.
func (p briaProject) captionPrefix() string {
	prefix := "An illustration of "
	if p.Medium == "photography" {
		prefix = "A photo of "
	}
	first, size := utf8.DecodeRuneInString(p.IPDescription)
	description := string(unicode.ToLower(first)) + p.IPDescription[size:]
	switch p.Type {
	case "defined_character":
		return prefix + briaTypes[p.Type].shows + " " + p.IPName + ", " + description + ","
	case "object_variants":
		return prefix + description + ","
	}
	return prefix + briaTypes[p.Type].shows + ","
}

func (b *bria) routeProjects() {
	b.route("POST /tailored-gen/projects", b.createProject)
	b.route("GET /tailored-gen/projects", b.listProjects)
	b.route("GET /tailored-gen/projects/{project_id}", b.readProject)
	b.route("PUT /tailored-gen/projects/{project_id}", b.updateProject)
	b.route("DELETE /tailored-gen/projects/{project_id}", b.deleteProject)
}

// project finds a project that was not deleted. b.mu is held.
func (b *bria) project(id int) (*briaProject, error) {
	i := id - briaFirstProject
	if i < 0 || i >= len(b.projects) || b.projects[i].Deleted {
		return nil, briaMessage(http.StatusNotFound, "Project not found")
	}
	return b.projects[i], nil
}

// readTexts reads the fields that an update may change as well.
func (p *briaProject) readTexts(f *form) {
	p.Name = or(f.text("project_name", 1, briaMaxText), p.Name)
	p.Description = or(f.text("project_description", 0, briaMaxText), p.Description)
	p.IPName = or(f.text("ip_name", 0, briaMaxText), p.IPName)
	p.IPDescription = or(f.text("ip_description", 0, briaMaxText), p.IPDescription)
}

// check reports where a project breaks the rules among its type, medium and texts.
func (p *briaProject) check(f *form) {
	if t, known := briaTypes[p.Type]; known && p.Medium != "" && !slices.Contains(t.media, p.Medium) {
		f.add("ip_type", "value_error", "%s is currently valid only when ip_medium = illustration", p.Type)
	}
	checkIPText(f, "ip_name", p.IPName, briaNameWords, p.Type, "defined_character")
	checkIPText(f, "ip_description", p.IPDescription, briaDescriptionWords, p.Type, "defined_character", "object_variants")
}

// checkIPText holds a text to its length in words and to the IP types that need it; others may not have it.
func checkIPText(f *form, key, text string, most int, kind string, needing ...string) {
	words := len(strings.Fields(text))
	needed := slices.Contains(needing, kind)
	switch {
	case needed && words == 0:
		f.add(key, "value_error", "required when ip_type is %s", strings.Join(needing, " or "))
	case words > most:
		f.add(key, "value_error", "at most %d words are allowed, these are %d", most, words)
	case !needed && text != "" && kind != "":
		f.add(key, "value_error", "only for ip_type %s", strings.Join(needing, " or "))
	}
}

func (b *bria) createProject(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	f.require("project_name", "ip_medium", "ip_type")
	p := briaProject{
		Medium:  or(f.choice("ip_medium", "photography", "illustration"), ""),
		Type:    or(f.choice("ip_type", sortedKeys(briaTypes)...), ""),
		Created: b.s.stamp(),
	}
	p.readTexts(f)
	p.check(f)
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	p.ID = briaFirstProject + len(b.projects)
	if err := b.s.store.putNumbered(briaProjects, p.ID, p); err != nil {
		return 0, nil, err
	}
	b.projects = append(b.projects, &p)
	return http.StatusCreated, p.answer(), nil
}

func (b *bria) listProjects(*http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := []briaProjectAnswer{}
	for _, p := range b.projects {
		if !p.Deleted {
			all = append(all, p.answer())
		}
	}
	return http.StatusOK, all, nil
}

func (b *bria) readProject(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(pathNumber(r, "project_id"))
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, p.answer(), nil
}

// updateProject changes texts. The 400 for what breaks their rules is a choice: the document is silent.
func (b *bria) updateProject(r *http.Request) (int, any, error) {
	f, err := readBria(r)
	if err != nil {
		return 0, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(pathNumber(r, "project_id"))
	if err != nil {
		return 0, nil, err
	}
	changed := *p
	changed.readTexts(f)
	changed.check(f)
	if err := f.checked(); err != nil {
		return 0, nil, err
	}
	err = change(b.s.store, briaProjects, p.ID, p, func(p *briaProject) { *p = changed })
	return http.StatusOK, p.answer(), err
}

// deleteProject deletes its datasets and models with it: they are found through their project only.
func (b *bria) deleteProject(r *http.Request) (int, any, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, err := b.project(pathNumber(r, "project_id"))
	if err != nil {
		return 0, nil, err
	}
	now := b.s.now()
	for _, m := range b.models {
		if m.Project == p.ID && m.inTraining(now) {
			return 0, nil, briaMessage(http.StatusConflict, "Cannot delete project while models are in training")
		}
	}
	err = change(b.s.store, briaProjects, p.ID, p, func(p *briaProject) { p.Deleted = true })
	return http.StatusNoContent, nil, err
}
