// What is kept of Go's own words about a crash: the lines whose form is known,
// without the values in them.

package crash

import (
	"path"
	"regexp"
	"strings"
)

var (
	// ofRuntime are the runtime's own words: they hold numbers and names of types.
	ofRuntime = regexp.MustCompile(`^(?:panic: (?:runtime error|interface conversion): [ -~]*|fatal error: [ -~]*|runtime: [a-z ]*|signal arrived during [a-z ]*|SIG[A-Z0-9]+: [a-z/ ]*|\[signal [A-Z0-9a-z :=]*\])$`)
	anyPanic  = regexp.MustCompile(`^\t?panic: `)
	goroutine = regexp.MustCompile(`^(goroutine \d+ )(?:gp=\S+ m=\S+ (?:mp=\S+ )?)?(\[[a-z0-9 ,():+-]*\]:)$`)
	// call is a line such as “main.(*T).do(0xc0000, {0x1, 0x2})”.
	call    = regexp.MustCompile(`^([\pL\pN_./*()\[\]·~@%-]+)\((?:\.\.\.|[0-9a-fx?, {}.]*)\)$`)
	created = regexp.MustCompile(`^created by ([\pL\pN_./*()\[\]·~@%-]+)( in goroutine \d+)?$`)
	// place is a line such as “\t/home/me/maquette/main.go:12 +0x1d”.
	place = regexp.MustCompile(`^\t([^\t]+\.(?:go|s|c)):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=0x[0-9a-f]+ sp=0x[0-9a-f]+ pc=0x[0-9a-f]+)?$`)
)

// withoutValues is what a program said as it broke, as far as it says nothing
// but where in its code that was.
func withoutValues(said string) string {
	var kept []string
	inStack, afterCall := false, false
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\r\n")
		isCall := false
		switch {
		case goroutine.MatchString(line):
			if len(kept) == 0 { // Go says a fatal error's words before it tells of it; the first function says as much
				kept = append(kept, "fatal error")
			}
			inStack = true
			kept = append(kept, "", goroutine.ReplaceAllString(line, "$1$2"))
		case !inStack && ofRuntime.MatchString(line):
			kept = append(kept, line)
		case !inStack && anyPanic.MatchString(line):
			kept = append(kept, "panic: (what was said is left out)")
		case !inStack:
		case created.MatchString(line):
			isCall = true
			kept = append(kept, line)
		case afterCall && place.MatchString(line):
			found := place.FindStringSubmatch(line)
			kept = append(kept, "\t"+inModule(found[1])+":"+found[2])
		case call.MatchString(line):
			isCall = true
			kept = append(kept, call.FindStringSubmatch(line)[1]+"(...)")
		}
		afterCall = isCall
	}
	return strings.Join(kept, "\n") + "\n"
}

// inModule is a file of the code without the folders of the computer it was
// built on. Released builds name none.
func inModule(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if !path.IsAbs(file) && !strings.Contains(file, ":") {
		return file
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}
