package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/providers/sandbox"
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
func (c *command) services(_ context.Context, args []string) error {
	words, err := c.parse(args)
	if err != nil {
		return err
	}
	if err := exactly(0, "services [--json]")(words); err != nil {
		return err
	}
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
		c.printFields(t.Fields, "    ")
	}
	for _, call := range s.Calls {
		fmt.Fprintf(c.Out, "  call %s  %s\n", call.ID, call.Title)
		c.printFields(call.Fields, "    ")
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

func (c *command) printFields(fields []providers.Field, indent string) {
	for _, f := range fields {
		fmt.Fprintf(c.Out, "%s%-28s %s\n", indent, f.Key, fieldWords(f))
		c.printFields(f.Items, indent+"  ")
	}
}

// fieldWords is a field's label and all that bounds its value.
func fieldWords(f providers.Field) string {
	text := f.Label
	if limits := f.Limits(); limits != "" {
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

// call makes one of a service's calls. With --print it only writes down what
// would be sent.
func (c *command) call(ctx context.Context, args []string) (err error) {
	var sets repeated
	c.flags.Var(&sets, "set", "")
	printed := c.flags.String("print", "", "")
	defer c.close(&err)
	var values map[string]any
	words, err := c.open(args, func(words []string) (err error) {
		if err := exactly(1, "call SERVICE/CALL [--set k=v]... [--print curl|command] [--json]")(words); err != nil {
			return err
		}
		_, call, ok := registry.Call(words[0])
		if !ok {
			return usagef("there is no call %q; “maquette services” lists them", words[0])
		}
		if err := printable(*printed); err != nil {
			return err
		}
		if call.Consequence != "" && *printed == "" {
			fmt.Fprintln(c.Err, call.Consequence)
		}
		values, err = sets.settings()
		return err
	})
	if err != nil {
		return err
	}
	if *printed != "" {
		return c.print(ctx, app.Order{Task: words[0], Values: values}, *printed)
	}
	answer, problems, err := c.studio.Call(ctx, words[0], values)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return c.sayProblems(problems)
	}
	return c.printAnswer(answer)
}

// printAnswer prints what a service answered, a list item by item.
func (c *command) printAnswer(answer any) error {
	text, err := encode(answer)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(text, []byte("[")) {
		_, err := c.Out.Write(text)
		return err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	for _, item := range items {
		if _, err := fmt.Fprintf(c.Out, "%s\n", item); err != nil {
			return err
		}
	}
	return nil
}

// sandbox runs the simulated services in the foreground until it is stopped.
func (c *command) sandbox(ctx context.Context, args []string) error {
	var faults repeated
	listen := c.flags.String("listen", "", "")
	state := c.flags.String("state", "", "")
	c.flags.Var(&faults, "fault", "")
	words, err := c.parse(args)
	if err != nil {
		return err
	}
	if err := exactly(0, "sandbox [--listen ADDR] [--state DIR] [--fault RULE]...")(words); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(*listen); *listen != "" && err != nil {
		return usagef("--listen takes an address such as 127.0.0.1:8080: %v", err)
	}
	for _, rule := range faults {
		if _, err := sandbox.ParseFault(rule); err != nil {
			return usagef("%v", err)
		}
	}
	dir := *state
	if dir == "" {
		temp, err := os.MkdirTemp("", "maquette-sandbox-")
		if err != nil {
			return fmt.Errorf("making a folder for the sandbox: %w", err)
		}
		defer os.RemoveAll(temp)
		dir = filepath.Join(temp, "state")
	}
	s, err := sandbox.Start(ctx, sandbox.Config{Dir: dir, Listen: *listen, Faults: faults, Pace: c.Pace})
	if err != nil {
		return err
	}
	for _, line := range s.Env() {
		fmt.Fprintln(c.Out, line)
	}
	<-ctx.Done()
	return s.Close()
}
