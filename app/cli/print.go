// What commands print: lines of JSON or words, and why nothing was sent.

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	"github.com/maquette-studio/maquette/providers"
)

// signedQuery is the query of a web address inside of JSON. Whoever knows a
// signed one can read what it leads to, so that none is printed but where a
// person asked for what leads there.
var signedQuery = regexp.MustCompile(`(https?://[^"\\\s?]*)\?(?:\\u[0-9a-f]{4}|[^"\\\s])*`)

// encode writes one object on a line of its own, without addresses' queries.
func encode(v any) ([]byte, error) {
	text, err := encodeWhole(v)
	return signedQuery.ReplaceAll(text, []byte("$1")), err
}

// encodeWhole writes one object on a line of its own.
func encodeWhole(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return text.Bytes(), nil
}

func (c *command) printJSON(v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	_, err = c.Out.Write(text)
	return err
}

// say prints one text, with --json as the only member of an object.
func (c *command) say(key, text string) error {
	if c.json {
		return c.printJSON(map[string]string{key: text})
	}
	_, err := fmt.Fprintln(c.Out, text)
	return err
}

// sayProblems prints why nothing was sent.
func (c *command) sayProblems(problems []providers.Problem) error {
	for _, p := range problems {
		fmt.Fprintln(c.Err, "maquette:", p.Error())
	}
	fmt.Fprintln(c.Err, "Nothing was sent.")
	return exitError(ExitInvalid)
}

// makeOut makes the folder that --out names before anything is paid for what
// goes into it.
func (c *command) makeOut() error {
	if c.out == "" {
		return nil
	}
	if err := os.MkdirAll(c.path(c.out), 0o755); err != nil {
		return usagef("--out: the folder can't be made: %v", err)
	}
	return nil
}
