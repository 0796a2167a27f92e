// The door through which everything comes that a service says: what it repeats
// of our secrets stays outside, and so does what moves a cursor, colours a
// terminal or turns the direction of writing; no text is longer than any that
// is meant.

package httpapi

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
)

// mostText bounds each text of an answer, bytes: several times the longest
// prompt that a service takes, and more than any link.
const mostText = 64 << 10

// admitted is an answer without our secrets, also where JSON writes them with
// escapes or a link with its own. Texts of JSON lose what can't be shown, and
// are cut where they are longer than mostText.
func (c *Client) admitted(body []byte) []byte {
	if start := bytes.TrimLeft(body, " \t\r\n"); len(start) == 0 || !bytes.ContainsRune([]byte(`{["`), rune(start[0])) {
		return []byte(c.veil.hide(string(body)))
	}
	return []byte(c.veil.hide(string(c.admittedJSON(body)))) // what isn't well-formed may hold some outside of its texts
}

func (c *Client) admittedJSON(body []byte) []byte {
	var out bytes.Buffer
	rest := body
	for {
		begin := bytes.IndexByte(rest, '"')
		if begin < 0 {
			break
		}
		end := textEnd(rest, begin)
		if end < 0 { // it was cut in the middle of a text
			out.Write(rest[:begin])
			out.Write(c.admittedCut(rest[begin:]))
			return out.Bytes()
		}
		if text, changed := c.admittedText(rest[begin:end]); changed {
			out.Write(rest[:begin])
			out.Write(text)
		} else {
			out.Write(rest[:end])
		}
		rest = rest[end:]
	}
	if out.Len() == 0 {
		return body
	}
	out.Write(rest)
	return out.Bytes()
}

// textEnd is where the JSON text ends that begins at begin; negative where it
// doesn't.
func textEnd(body []byte, begin int) int {
	for i := begin + 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// admittedText is one JSON text, quotes included, and whether it had to be
// changed.
func (c *Client) admittedText(quoted []byte) ([]byte, bool) {
	if len(quoted) <= mostText && isPlain(quoted) && c.veil.hide(string(quoted)) == string(quoted) {
		return nil, false
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return nil, false // nor will it be read later
	}
	admitted := c.veil.hide(providers.WithoutControls(text))
	if admitted == text && len(text) <= mostText && utf8.Valid(quoted) {
		return nil, false
	}
	if len(admitted) > mostText {
		admitted = strings.ToValidUTF8(admitted[:mostText], "") + "…"
	}
	written, err := json.Marshal(admitted)
	return written, err == nil
}

// longestEscape is how long one character is at most in JSON, bytes: two halves
// of a surrogate pair.
const longestEscape = 12

// admittedCut is what there is of a JSON text that was cut before its end,
// without the character in whose middle it was cut.
func (c *Client) admittedCut(cut []byte) []byte {
	for length := len(cut); length >= max(1, len(cut)-longestEscape); length-- {
		whole := append(bytes.Clone(cut[:length]), '"')
		if !json.Valid(whole) {
			continue
		}
		if text, changed := c.admittedText(whole); changed {
			whole = text
		}
		return whole[:len(whole)-1]
	}
	return nil // no text
}

// isPlain reports whether a JSON text is as it is read: ASCII without escapes.
func isPlain(quoted []byte) bool {
	for _, b := range quoted {
		if b >= utf8.RuneSelf-1 || b == '\\' { // DEL can't be shown either
			return false
		}
	}
	return true
}

// Quote makes a service's words fit to be shown: on one line, at most 300
// characters, without our secrets and without the queries of links.
func (c *Client) Quote(words string) string {
	words = printable(words[:min(len(words), mostText)], mostText)
	words = urlQuery.ReplaceAllString(words, "$1")
	return printable(providers.Shown(c.veil.hideAll(words)), maxWords)
}
