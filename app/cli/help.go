// What --help, “maquette help” and a wrong usage print, from the tables.

package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage or invalid values, 3 needs you, 4 another Maquette has the data directory\n" +
	"and can't do what is asked. After 2 and 4 nothing was sent."

const handedOver = "While another Maquette has the data directory, such as one with its window open, commands are carried out by it."

// helpWidth is where the lines of a help end, characters.
const helpWidth = 96

// help explains the command that args name.
func (c *command) help(_ context.Context, args []string) error {
	name := ""
	for len(args) > 0 {
		longer := strings.TrimSpace(name + " " + args[0])
		if _, known := find(longer); !known {
			break
		}
		name, args = longer, args[1:]
	}
	d, _ := find(name)
	if len(args) > 0 && (d.name == "" || d.run == nil) {
		return usagef("there is no command %q; “maquette --help” lists them", args[0])
	}
	_, err := fmt.Fprint(c.Out, d.help(args))
	return err
}

// help is the text that explains the command. With a task or call among the
// arguments it lists its fields too.
func (d declaration) help(args []string) string {
	var text strings.Builder
	if d.name == "" {
		writeOverview(&text)
		return text.String()
	}
	fmt.Fprintf(&text, "%s\n\n%s\n", d.usage(), d.sentence())
	if d.about != "" {
		fmt.Fprintf(&text, "\n%s\n", wrap(d.about))
	}
	if d.run == nil {
		text.WriteString("\n")
		for _, member := range d.members() {
			fmt.Fprintf(&text, "  %-42s %s\n", member.title(), member.does)
		}
	}
	if len(d.flags) > 0 {
		text.WriteString("\nFlags:\n")
		writeFlags(&text, d.flags)
	}
	if fields := fieldsOf(args); len(fields) > 0 {
		fmt.Fprintf(&text, "\nFields of %s, for --set:\n", args[0])
		printFields(&text, fields, "  ")
	}
	text.WriteString("\nExamples:\n")
	for _, example := range d.allExamples() {
		fmt.Fprintf(&text, "  %s\n", example)
	}
	text.WriteString("\nWith any command:\n")
	writeFlags(&text, everywhere())
	return text.String()
}

// writeOverview lists all commands.
func writeOverview(text *strings.Builder) {
	text.WriteString("Maquette trains and uses your own image models at paid services.\n\n")
	for _, d := range commands() {
		if d.run != nil {
			fmt.Fprintf(text, "%-42s %s\n", d.title(), d.does)
		}
	}
	text.WriteString("\nWith any command:\n")
	writeFlags(text, append(everywhere(), flag{name: "help", help: "explain the command, with examples"}))
	text.WriteString("\nWithout a command:\n")
	writeFlags(text, []flag{versionFlag})
	text.WriteString("\n" + exitCodes + "\n\n" + handedOver + "\n")
}

func writeFlags(text *strings.Builder, flags []flag) {
	for _, f := range flags {
		fmt.Fprintf(text, "  %-22s %s\n", f.spelling(), f.help)
	}
}

// title is the command with its arguments: "maquette jobs show ID".
func (d declaration) title() string {
	return strings.Join(strings.Fields("maquette "+d.name+" "+d.args), " ")
}

// usage is the command with its arguments and its own flags. One that holds
// others together has their last words: "maquette keys set|check|delete".
func (d declaration) usage() string {
	if d.name == "" {
		return "maquette [--demo] [--data DIR]\nmaquette --version"
	}
	if d.run == nil {
		var words []string
		for _, member := range d.members() {
			_, word := splitName(member.name)
			words = append(words, word)
		}
		return d.title() + " " + strings.Join(words, "|")
	}
	usage := d.title()
	for i, f := range d.flags {
		switch {
		case f.after != "": // stands in its flag's brackets
		case f.oneOf && i > 0 && d.flags[i-1].oneOf:
			usage += "|" + f.spelling()
		case f.oneOf || f.needs:
			usage += " " + f.spelling()
		default:
			usage += " [" + f.spelling() + d.behind(f) + "]"
			if f.many {
				usage += "..."
			}
		}
	}
	return usage
}

// behind are the flags that belong to a flag and stand behind it.
func (d declaration) behind(f flag) string {
	text := ""
	for _, other := range d.flags {
		if other.after == f.name {
			text += " [" + other.spelling() + "]"
		}
	}
	return text
}

// members are the commands that the command holds together.
func (d declaration) members() []declaration {
	var members []declaration
	for _, other := range commands() {
		if group, _ := splitName(other.name); group == d.name && other.name != "" {
			members = append(members, other)
		}
	}
	return members
}

// allExamples are lines that can be typed. A command that holds others together
// has the first of each.
func (d declaration) allExamples() []string {
	examples := d.examples
	if d.run == nil {
		for _, member := range d.members() {
			examples = append(examples, member.examples[0])
		}
	}
	lines := make([]string, len(examples))
	for i, example := range examples {
		lines[i] = strings.TrimSpace("maquette " + example)
	}
	return lines
}

// sentence is what the command does, with a capital and a full stop.
func (d declaration) sentence() string {
	return strings.ToUpper(d.does[:1]) + d.does[1:] + "."
}

// fieldsOf are the fields of the task or call that the arguments name.
func fieldsOf(args []string) []providers.Field {
	if len(args) == 0 {
		return nil
	}
	if task, _, ok := registry.All().Task(args[0]); ok {
		return task.Fields
	}
	if call, _, ok := registry.All().Call(args[0]); ok {
		return call.Fields
	}
	return nil
}

// wrap breaks a text into lines.
func wrap(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > helpWidth {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return strings.Join(append(lines, line), "\n")
}
