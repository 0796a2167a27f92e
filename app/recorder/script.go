// Requests as a script of curl commands.

package recorder

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
)

// request is a request that was not sent. Where it would hold the key, or an
// id from the answer to an earlier request, it holds a placeholder.
type request struct {
	method, url string
	headers     []header
	body        string
	file        string // holds the body instead, where that is long
	// gives is the variable for the id in the answer; empty where nobody needs
	// one.
	gives string
	// until ends the waiting that the request is repeated for, every so many
	// seconds; nil where there is nothing to wait for.
	until *providers.Until
	every int
}

type header struct{ name, value string }

// placeholders are what stands for a shell variable's value, by variable.
type placeholders map[string]string

// keyPlaceholder stands for the key; no header may hold it otherwise.
const keyPlaceholder = "\x00key\x00"

// idPlaceholder is a number that no service gives, for the nth id of a script.
func idPlaceholder(n int) string { return strconv.Itoa(9_007_199_254_000_000 + n) }

// stepName is what of a step's name is no part of a variable's.
var stepName = regexp.MustCompile(`/.*|[^a-z]+`)

// add is a new variable for the id of what a step makes, and its placeholder.
func (p placeholders) add(step string) (variable, placeholder string) {
	name := stepName.ReplaceAllString(step, "")
	variable, placeholder = name+"_id", idPlaceholder(len(p))
	for n := 2; p[variable] != ""; n++ {
		variable = name + "_" + strconv.Itoa(n) + "_id"
	}
	p[variable] = placeholder
	return variable, placeholder
}

// curlScript writes the requests as commands. known holds the placeholders of the key
// and of every id.
func curlScript(requests []request, known placeholders) string {
	if slices.ContainsFunc(requests, func(r request) bool { return r.gives != "" || r.until != nil }) {
		return chainedScript(requests, known)
	}
	var script strings.Builder
	for i := 0; i < len(requests); {
		times := 1
		for i+times < len(requests) && reflect.DeepEqual(requests[i], requests[i+times]) {
			times++
		}
		command := curlCommand(requests[i], known)
		if times > 1 {
			command = "i=0; while [ $i -lt " + strconv.Itoa(times) + " ]; do\n" + command + "\ni=$((i+1)); done"
		}
		script.WriteString(command + "\n")
		i += times
	}
	return script.String()
}

// The beginning of a script whose requests need each other's answers. It runs
// in a shell of its own, so that its end doesn't close the person's. What it says
// about itself is no comment: zsh takes none at a prompt.
const chainedBegins = `( : 'Each request needs the answers of those before it; one that fails ends the script.'
stop() { printf '%s\n' "$answer" >&2; exit 1; }
id() { printf '%s' "$answer" | grep -o '"id": *"\{0,1\}[0-9]*' | head -n 1 | tr -dc 0-9; }
`

func chainedScript(requests []request, known placeholders) string {
	var script strings.Builder
	script.WriteString(chainedBegins)
	for i, r := range requests {
		command := "answer=$(" + curlCommand(r, known, "--fail-with-body") + "\n) || stop"
		if r.until != nil {
			script.WriteString("\nuntil " + command + "\n  printf '%s' \"$answer\" | " + untilCommand(*r.until) + "; do sleep " + strconv.Itoa(r.every) + "; done\n")
			continue
		}
		script.WriteString("\n" + command + "\n")
		if slices.ContainsFunc(requests[i:], func(later request) bool { return later.holds(known[r.gives]) }) {
			script.WriteString(r.gives + "=$(id)\n")
		}
		script.WriteString("printf '%s\\n' \"$answer\"\n")
	}
	script.WriteString(")\n")
	return script.String()
}

func (r request) holds(placeholder string) bool {
	return placeholder != "" && (strings.Contains(r.url, placeholder) || strings.Contains(r.body, placeholder))
}

// headersEnd ends the headers that curl reads.
const headersEnd = "HEADERS"

// curlCommand is a request as a command. The header that holds the key is given
// to curl's standard input: everybody on the computer can read arguments.
func curlCommand(r request, known placeholders, options ...string) string {
	words := append([]string{"curl -sS --globoff"}, options...)
	parts := []string{strings.Join(append(words, "-X", r.method, known.quote(r.url)), " ")}
	var secret []string
	for _, h := range r.headers {
		if strings.Contains(h.value, keyPlaceholder) {
			secret = append(secret, known.here(h.name+": "+h.value)+"\n")
			continue
		}
		parts = append(parts, "-H "+known.quote(h.name+": "+h.value))
	}
	switch {
	case r.file != "":
		parts = append(parts, "--data-binary "+shellQuote("@"+r.file))
	case r.body != "":
		parts = append(parts, "--data-raw "+known.quote(r.body))
	}
	if secret == nil {
		return strings.Join(parts, " \\\n  ")
	}
	return strings.Join(append(parts, "-H @-"), " \\\n  ") + " <<" + headersEnd + "\n" + strings.Join(secret, "") + headersEnd
}

// here is a line of a here-document in which the variables stand for their
// placeholders.
func (p placeholders) here(line string) string {
	line = strings.NewReplacer(`\`, `\\`, "$", `\$`, "`", "\\`").Replace(line)
	for name, placeholder := range p {
		line = strings.ReplaceAll(line, placeholder, "$"+name)
	}
	return line
}

// quote is text as a word in which the variables stand for their placeholders.
func (p placeholders) quote(text string) string {
	var held []string // placeholder and variable, in turn
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if strings.Contains(text, p[name]) {
			held = append(held, p[name], `'"$`+name+`"'`)
		}
	}
	word := shellQuote(text)
	if len(held) == 0 {
		return word
	}
	if !strings.HasPrefix(word, "'") {
		word = "'" + word + "'"
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.NewReplacer(held...).Replace(word), "''"), "''")
}

// plainWord are the characters that mean nothing to a shell.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,"

// shellQuote is a word that any POSIX shell reads back as it is, also when it
// is pasted at a prompt: what a terminal's line editor would take for a key,
// such as an escape, a tab or a carriage return, is written by printf. Line
// breaks stay, within quotes.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, plainWord) == "" && word[0] != '=' { // zsh takes =ls for /bin/ls
		return word
	}
	var out strings.Builder
	out.WriteByte('\'')
	for len(word) > 0 {
		r, size := utf8.DecodeRuneInString(word)
		switch {
		case r == '\'':
			out.WriteString(`'\''`)
		case r == '\t', providers.Unprintable(r), r == utf8.RuneError && size == 1:
			out.WriteString(`'"$(printf '`)
			for _, b := range []byte(word[:size]) {
				fmt.Fprintf(&out, `\%03o`, b)
			}
			out.WriteString(`')"'`)
		default:
			out.WriteString(word[:size])
		}
		word = word[size:]
	}
	out.WriteByte('\'')
	return out.String()
}
