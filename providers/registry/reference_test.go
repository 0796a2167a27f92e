package registry_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

var update = flag.Bool("update", false, "write docs/reference.md anew")

const referencePage = "../../docs/reference.md"

func TestTheReferencePageIsCurrent(t *testing.T) {
	want := reference()
	if *update {
		if err := os.WriteFile(referencePage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/reference.md is not what the services declare; run: make docs")
	}
}

// reference is the page that lists everything the services declare.
func reference() string {
	var page strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n", args...) }
	line("# Reference: services, tasks and fields\n")
	line("Generated from what the services declare (`make docs`). The window's forms, `maquette run --set` and")
	line("this page are drawn from the same declarations.\n")
	for _, s := range registry.All() {
		line("## %s (`%s`)\n", s.Title, s.ID)
		line("- Site: <%s>, keys: <%s>", s.Site, s.KeyPage)
		line("- Key: in the system's keyring, or in `%s`", s.KeyEnv)
		line("- Base URL: `%s`, replaced by `%s`\n", s.BaseURL, s.URLEnv)
		if len(s.Prices) > 0 {
			line("| Estimated price | US dollars |\n|---|---|")
			for _, p := range s.Prices {
				line("| %s | %g |", p.Label, p.USD)
			}
			line("")
		}
		for _, task := range s.Tasks {
			line("### %s (`maquette run %s`)\n", task.Title, task.ID)
			line("%s ([documentation](%s))\n", task.Help, task.Doc)
			if task.Photos != nil {
				line("Photos: %s\n", photoRules(*task.Photos))
			}
			fieldTable(&page, task.Fields)
		}
		for _, call := range s.Calls {
			line("### %s (`maquette call %s`)\n", call.Title, call.ID)
			line("%s ([documentation](%s))\n", call.Help, call.Doc)
			if call.Consequence != "" {
				line("**Consequence:** %s\n", call.Consequence)
			}
			fieldTable(&page, call.Fields)
		}
	}
	return strings.TrimRight(page.String(), "\n") + "\n"
}

func photoRules(rules providers.PhotoRules) string {
	parts := []string{fmt.Sprintf("at least %d", max(rules.Min, 1))}
	if rules.Max > 0 {
		parts = append(parts, fmt.Sprintf("at most %d", rules.Max))
	}
	if rules.AdvisedMin > 0 {
		parts = append(parts, fmt.Sprintf("%d to %d advised", rules.AdvisedMin, rules.AdvisedMax))
	}
	if rules.MinEdge > 0 {
		parts = append(parts, fmt.Sprintf("%d pixels a side needed", rules.MinEdge))
	}
	if rules.AdvisedEdge > 0 {
		parts = append(parts, fmt.Sprintf("%d pixels a side advised", rules.AdvisedEdge))
	}
	return strings.Join(parts, ", ") + ". " + rules.Advice
}

func fieldTable(page *strings.Builder, fields []providers.Field) {
	if len(fields) == 0 {
		return
	}
	fmt.Fprint(page, "| Field | Kind | Range and choices | Default | What it does |\n|---|---|---|---|---|\n")
	fieldRows(page, fields, "")
	fmt.Fprintln(page)
}

func fieldRows(page *strings.Builder, fields []providers.Field, prefix string) {
	for _, f := range fields {
		key := "`" + prefix + f.Key + "`"
		if f.Required {
			key += " (required)"
		}
		standard := ""
		if f.Default != nil {
			standard = fmt.Sprintf("`%v`", f.Default)
		}
		fmt.Fprintf(page, "| %s | %s | %s | %s | %s |\n", key, f.Kind, span(f), standard, cell(f))
		fieldRows(page, f.Items, prefix+f.Key+"[].")
	}
}

func span(f providers.Field) string {
	var parts []string
	if limits := f.Limits().String(); limits != "" {
		parts = append(parts, limits)
	}
	var options []string
	for _, o := range f.Options {
		options = append(options, "`"+o.Value+"`")
	}
	if len(options) > 0 {
		parts = append(parts, strings.Join(options, ", "))
	}
	if f.Open && len(options) > 0 {
		parts = append(parts, "or free text")
	}
	return strings.Join(parts, "; ")
}

func cell(f providers.Field) string {
	text := f.Label
	if f.Help != "" {
		text += ": " + f.Help
	}
	if f.When != nil {
		text += fmt.Sprintf(" Only with `%s` %s.", f.When.Key, cmp.Or(strings.Join(f.When.In, " or "), "set"))
	}
	if f.Local {
		text += " (Maquette's own; not sent.)"
	}
	return strings.NewReplacer("|", "\\|", "\n", " ").Replace(text)
}
