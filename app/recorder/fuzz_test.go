package recorder

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/bounds"
)

// FuzzShellQuote has a shell read back what was quoted, byte by byte.
func FuzzShellQuote(f *testing.F) {
	for _, seed := range []string{"", "plain", "it's", "!!", "$(id) `id` ${x}", "\x1b[201~\x03", "a\r\nb", "'\\''", "🦊\u202e", "\xff\xfe", "-n", "~", "a\\", "\t", "=x", "{a,b}", "#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") || len(text) > 2000 {
			return // no argument can hold a NUL
		}
		bounds.Hold(t, bounds.Text, func() {
			word := shellQuote(text)
			if strings.ContainsFunc(word, providers.Unprintable) || strings.Contains(word, "\t") || strings.HasPrefix(word, "=") { // zsh looks for =word's program
				t.Errorf("%q is pasted as %q", text, word)
			}
			parsed, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader("said "+word), "")
			if err != nil || len(parsed.Stmts) != 1 {
				t.Fatalf("%q is quoted as %s: %v", text, word, err)
			}
			var got []string
			said := func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
				return func(_ context.Context, args []string) error { got = args; return nil }
			}
			shell, err := interp.New(interp.ExecHandlers(said), interp.StdIO(nil, &bytes.Buffer{}, io.Discard))
			if err != nil {
				t.Fatal(err)
			}
			if err := shell.Run(t.Context(), parsed); err != nil || len(got) != 2 || got[1] != text {
				t.Errorf("%q is quoted as %s, and read as %q, %v", text, word, got, err)
			}
		})
	})
}
