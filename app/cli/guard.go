// The last guard before a terminal: whatever a service, a file's name or a
// caption brought along, nothing printed moves a cursor, colours, renames a
// window or turns the direction of writing.

package cli

import (
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
)

// guarded writes text with every character that a terminal obeys as \uXXXX,
// which JSON, whose texts alone may hold one, reads back as that character. A
// byte that is no text is written as \xXX.
type guarded struct {
	to io.Writer
	// half is the beginning of a character whose rest comes with the next write.
	half []byte
}

func (g *guarded) Write(p []byte) (int, error) {
	text := slices.Concat(g.half, p)
	g.half = nil
	safe := make([]byte, 0, len(text))
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			g.half = append(g.half, text...)
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			safe = fmt.Appendf(safe, `\x%02x`, text[0])
		case providers.Unprintable(r):
			safe = fmt.Appendf(safe, `\u%04x`, r)
		default:
			safe = append(safe, text[:size]...)
		}
		text = text[size:]
	}
	if _, err := g.to.Write(safe); err != nil {
		return 0, err
	}
	return len(p), nil
}

// guard makes what the program prints safe for a terminal.
func (p Program) guard() Program {
	if p.Out != nil {
		p.Out = &guarded{to: p.Out}
	}
	if p.Err != nil {
		p.Err = &guarded{to: p.Err}
	}
	return p
}
