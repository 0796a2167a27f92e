// Requests as a script of curl commands.

package app

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// recordedRequest is a request that was not sent. Where it would hold the key,
// or an id from the answer to an earlier request, it holds a mark.
type recordedRequest struct {
	method, url string
	headers     []header
	body        string
	file        string // holds the body instead, where that is long
	// gives is the variable for the id in the answer; empty where there is none.
	gives string
	// over is the command that reads the answer and ends the waiting; empty
	// where there is nothing to wait for. every is the seconds in between.
	over  string
	every int
}

type header struct{ name, value string }

// marks are what stands for a shell variable's value, by variable.
type marks map[string]string

// keyMark stands for the key; no header may hold it otherwise.
const keyMark = "\x00key\x00"

// idMark is a number that no service gives, for the nth id of a script.
func idMark(n int) string { return strconv.Itoa(9_007_199_254_000_000 + n) }

// stepName is what of a step's name is no part of a variable's.
var stepName = regexp.MustCompile(`/.*|[^a-z]+`)

// add is a new variable for the id of what a step makes, and its mark.
func (m marks) add(step string) (variable, mark string) {
	name := stepName.ReplaceAllString(step, "")
	variable, mark = name+"_id", idMark(len(m))
	for n := 2; m[variable] != ""; n++ {
		variable = name + "_" + strconv.Itoa(n) + "_id"
	}
	m[variable] = mark
	return variable, mark
}

// curlScript writes the requests as commands. known holds the marks of the key
// and of every id.
func curlScript(requests []recordedRequest, known marks) string {
	if slices.ContainsFunc(requests, func(r recordedRequest) bool { return r.gives != "" || r.over != "" }) {
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
// in a shell of its own, so that its end doesn't close the person's.
const chainedBegins = `( # Each request needs the answers of those before it; one that fails ends the script.
stop() { printf '%s\n' "$answer" >&2; exit 1; }
id() { printf '%s' "$answer" | grep -o '"id": *"\{0,1\}[0-9]*' | head -n 1 | tr -dc 0-9; }
`

func chainedScript(requests []recordedRequest, known marks) string {
	var script strings.Builder
	script.WriteString(chainedBegins)
	for i, r := range requests {
		command := "answer=$(" + curlCommand(r, known, "--fail-with-body") + ") || stop"
		if r.over != "" {
			script.WriteString("\nuntil " + command + "\n  printf '%s' \"$answer\" | " + r.over + "; do sleep " + strconv.Itoa(r.every) + "; done\n")
			continue
		}
		script.WriteString("\n" + command + "\n")
		if slices.ContainsFunc(requests[i:], func(later recordedRequest) bool { return later.holds(known[r.gives]) }) {
			script.WriteString(r.gives + "=$(id)\n")
		}
		script.WriteString("printf '%s\\n' \"$answer\"\n")
	}
	script.WriteString(")\n")
	return script.String()
}

func (r recordedRequest) holds(mark string) bool {
	return mark != "" && (strings.Contains(r.url, mark) || strings.Contains(r.body, mark))
}

func curlCommand(r recordedRequest, known marks, options ...string) string {
	words := append([]string{"curl -sS --globoff"}, options...)
	parts := []string{strings.Join(append(words, "-X", r.method, known.quote(r.url)), " ")}
	for _, h := range r.headers {
		parts = append(parts, "-H "+known.quote(h.name+": "+h.value))
	}
	switch {
	case r.file != "":
		parts = append(parts, "--data-binary "+shellQuote("@"+r.file))
	case r.body != "":
		parts = append(parts, "--data-raw "+known.quote(r.body))
	}
	return strings.Join(parts, " \\\n  ")
}

// quote is text as a word in which the variables stand for their marks.
func (m marks) quote(text string) string {
	names := slices.Sorted(maps.Keys(m))
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.Contains(text, m[name]) })
	switch {
	case len(names) == 0:
		return shellQuote(text)
	case strings.Contains(text, `"`):
		text = "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
		for _, name := range names {
			text = strings.ReplaceAll(text, m[name], `'"$`+name+`"'`)
		}
		return text
	}
	text = strings.NewReplacer(`\`, `\\`, "$", `\$`, "`", "\\`").Replace(text)
	for _, name := range names {
		text = strings.ReplaceAll(text, m[name], "$"+name)
	}
	return `"` + text + `"`
}

// plainWord are the characters that mean nothing to a shell.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,"

// shellQuote is a word that any POSIX shell reads back as it is.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, plainWord) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
