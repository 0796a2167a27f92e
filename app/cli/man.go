// The manual page, from the tables, for man(1).

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/app/release"
)

// man prints the manual page in the language of man(7).
func (c *command) man(context.Context, []string) error {
	_, err := fmt.Fprint(c.Out, manual())
	return err
}

func manual() string {
	var page strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&page, format+"\n", args...) }
	line(`.TH MAQUETTE 1 "" "Maquette %s" "User commands"`, release.Version)
	line(".SH NAME\nmaquette \\- trains and uses your own image models at paid services")
	line(".SH SYNOPSIS\n.B maquette\n[\\-\\-demo] [\\-\\-data DIR]\n.br\n.B maquette\nCOMMAND [ARGUMENT...] [FLAG...]")
	line(".SH DESCRIPTION\nWithout a command the window opens. %s", roff(handedOver))
	line(".SH COMMANDS")
	for _, d := range commands() {
		if d.run == nil || d.name == "" {
			continue
		}
		line(".SS %s", roff(strings.TrimPrefix(d.usage(), "maquette ")))
		line("%s", roff(strings.TrimSpace(d.sentence()+" "+d.about)))
		manFlags(&page, d.flags)
	}
	line(".SH OPTIONS\nWith any command:")
	manFlags(&page, everywhere())
	line("Without a command:")
	manFlags(&page, []flag{versionFlag})
	line(".SH EXIT STATUS\n%s", roff(exitCodes))
	line(".SH ENVIRONMENT\n.TP\n.B MAQUETTE_DATA\nwhere everything is kept; \\-\\-data wins over it")
	line(".SH SEE ALSO\n%s", roff(release.Site))
	return page.String()
}

func manFlags(page *strings.Builder, flags []flag) {
	for _, f := range flags {
		fmt.Fprintf(page, ".TP\n.B %s\n%s\n", roff(f.spelling()), roff(f.help))
	}
}

// roff is a text as man(7) takes it literally: no line begins with its
// commands' marks.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "“", `\(lq`, "”", `\(rq`, "…", "...").Replace(text)
	lines := slices.Collect(strings.SplitSeq(text, "\n"))
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
