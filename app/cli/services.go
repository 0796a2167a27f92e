// What services can do, as it is declared.

package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// The declarations as scripts read them.
type (
	serviceLine struct {
		ID      string     `json:"id"`
		Title   string     `json:"title"`
		Site    string     `json:"site"`
		KeyPage string     `json:"key_page"`
		KeyEnv  string     `json:"key_env"`
		URLEnv  string     `json:"url_env"`
		BaseURL string     `json:"base_url"`
		Tasks   []taskLine `json:"tasks"`
		Calls   []taskLine `json:"calls"`
	}
	taskLine struct {
		ID          string         `json:"id"`
		Kind        providers.Kind `json:"kind,omitempty"`
		Title       string         `json:"title"`
		Help        string         `json:"help"`
		Doc         string         `json:"doc"`
		Consequence string         `json:"consequence,omitempty"`
		Photos      *photosLine    `json:"photos,omitempty"`
		Fields      []fieldLine    `json:"fields"`
	}
	// photosLine is how many photos a task takes and how large they are to be;
	// 0 means that there is no limit.
	photosLine struct {
		Min      int   `json:"min"`
		Max      int   `json:"max"`
		MinEdge  int   `json:"min_edge"`  // shorter edge, pixels
		MaxBytes int64 `json:"max_bytes"` // of each file
		Captions bool  `json:"captions"`
	}
	// whenLine: the field applies only while another one holds one of these
	// values, or any when none is listed.
	whenLine struct {
		Key string   `json:"key"`
		In  []string `json:"in"`
	}
	fieldLine struct {
		Key      string              `json:"key"`
		Label    string              `json:"label"`
		Help     string              `json:"help"`
		Kind     providers.FieldKind `json:"kind"`
		Default  any                 `json:"default"`
		Min      *float64            `json:"min,omitempty"`
		Max      *float64            `json:"max,omitempty"`
		Choices  []string            `json:"choices,omitempty"`
		Open     bool                `json:"open,omitempty"` // choices are suggestions
		Required bool                `json:"required"`
		Advanced bool                `json:"advanced"`
		Local    bool                `json:"local,omitempty"`
		Listed   string              `json:"listed,omitempty"` // the call that lists what there is
		When     *whenLine           `json:"when,omitempty"`
		Items    []fieldLine         `json:"items,omitempty"`
	}
)

// services prints what every service can do.
func (c *command) services(context.Context, []string) error {
	for _, service := range registry.All() {
		if c.json {
			if err := c.printJSON(describe(service)); err != nil {
				return err
			}
			continue
		}
		c.printService(service)
	}
	return nil
}

func describe(s *providers.Service) serviceLine {
	line := serviceLine{
		ID: s.ID, Title: s.Title, Site: s.Site, KeyPage: s.KeyPage, KeyEnv: s.KeyEnv, URLEnv: s.URLEnv, BaseURL: s.BaseURL,
		Tasks: []taskLine{}, Calls: []taskLine{},
	}
	for _, t := range s.Tasks {
		line.Tasks = append(line.Tasks, taskLine{t.ID, t.Kind, t.Title, t.Help, t.Doc, "", describePhotos(t.Photos), describeFields(t.Fields)})
	}
	for _, call := range s.Calls {
		line.Calls = append(line.Calls, taskLine{call.ID, "", call.Title, call.Help, call.Doc, call.Consequence, nil, describeFields(call.Fields)})
	}
	return line
}

func describePhotos(rules *providers.PhotoRules) *photosLine {
	if rules == nil {
		return nil
	}
	return &photosLine{rules.Min, rules.Max, rules.MinEdge, rules.MaxBytes, rules.Captions}
}

func describeFields(fields []providers.Field) []fieldLine {
	lines := make([]fieldLine, len(fields))
	for i, f := range fields {
		lines[i] = fieldLine{
			Key: f.Key, Label: f.Label, Help: f.Help, Kind: f.Kind, Default: f.Default, Open: f.Open, Required: f.Required,
			Advanced: f.Advanced, Local: f.Local,
		}
		if f.When != nil {
			lines[i].When = &whenLine{f.When.Key, orEmpty(f.When.In)}
		}
		if f.Listed != nil {
			lines[i].Listed = f.Listed.Call
		}
		if f.Bounded() {
			lines[i].Min, lines[i].Max = &f.Min, &f.Max
		}
		for _, option := range f.Options {
			lines[i].Choices = append(lines[i].Choices, option.Value)
		}
		if len(f.Items) > 0 {
			lines[i].Items = describeFields(f.Items)
		}
	}
	return lines
}

func (c *command) printService(s *providers.Service) {
	fmt.Fprintf(c.Out, "%s  %s (key in %s, from %s)\n", s.ID, s.Title, s.KeyEnv, s.KeyPage)
	for _, t := range s.Tasks {
		fmt.Fprintf(c.Out, "  run %s  %s%s\n", t.ID, t.Title, photoWords(t.Photos))
		printFields(c.Out, t.Fields, "    ")
	}
	for _, call := range s.Calls {
		fmt.Fprintf(c.Out, "  call %s  %s\n", call.ID, call.Title)
		printFields(c.Out, call.Fields, "    ")
	}
}

func photoWords(rules *providers.PhotoRules) string {
	switch {
	case rules == nil:
		return ""
	case rules.Max == 0:
		return fmt.Sprintf(" (%d photos or more)", rules.Min)
	}
	return fmt.Sprintf(" (%d to %d photos)", rules.Min, rules.Max)
}

// printFields lists fields, those of a list's items under it.
func printFields(out io.Writer, fields []providers.Field, indent string) {
	for _, f := range fields {
		fmt.Fprintf(out, "%s%-28s %s\n", indent, f.Key, fieldWords(f))
		printFields(out, f.Items, indent+"  ")
	}
}

// fieldWords is a field's label and all that bounds its value.
func fieldWords(f providers.Field) string {
	text := f.Label
	if limits := f.Limits().String(); limits != "" {
		text += ", " + limits
	}
	var choices []string
	for _, option := range f.Options {
		choices = append(choices, option.Value)
	}
	switch {
	case len(choices) > 0 && f.Open:
		text += ", such as " + strings.Join(choices, " | ")
	case len(choices) > 0:
		text += ", " + strings.Join(choices, " | ")
	}
	switch value := f.Default.(type) {
	case nil:
	case float64:
		text += ", default " + strconv.FormatFloat(value, 'f', -1, 64)
	default:
		text += fmt.Sprintf(", default %v", value)
	}
	if f.Required {
		text += ", required"
	}
	return text
}
