// Waiting in a script: the condition that a service declares, as a command for
// a POSIX shell that has no JSON reader.

package recorder

import (
	"regexp"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// untilCommand reads a JSON answer and succeeds when the condition is met. It
// tells objects apart by their ends, so that one may be nested in another but
// a member's value must stand in the innermost.
func untilCommand(until providers.Until) string {
	var commands []string
	if until.Holds != nil {
		commands = append(commands, "grep -Eiq "+quoted(memberPattern(*until.Holds)))
	}
	if len(until.Lacks) > 0 {
		patterns := make([]string, len(until.Lacks))
		for i, member := range until.Lacks {
			patterns[i] = memberPattern(member)
		}
		look := `tr "\n}" " \n" | grep -Ei ` + quoted(strings.Join(patterns, "|"))
		commands = append(commands, "sh -c "+shellQuote("! "+look+" | grep -q ."))
	}
	if len(commands) == 1 {
		return commands[0]
	}
	return "sh -c " + shellQuote("answer=$(cat); printf %s \"$answer\" | "+strings.Join(commands, " && printf %s \"$answer\" | "))
}

func quoted(pattern string) string { return `"` + strings.ReplaceAll(pattern, `"`, `\"`) + `"` }

// spaces are what texts are compared without.
var spaces = regexp.MustCompile(`[ _-]+`)

// memberPattern is the extended regular expression that finds a member.
func memberPattern(m providers.Member) string {
	if m.Value == "null" {
		return `"` + m.Name + `": *null`
	}
	words := spaces.Split(m.Value, -1)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return `"` + m.Name + `": *"` + strings.Join(words, "[ _-]?") + `"`
}
