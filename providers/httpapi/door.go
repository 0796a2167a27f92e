// The door through which everything comes that a service says: what it repeats
// of our secrets stays outside, and no text is longer than any that is meant.

package httpapi

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

const (
	// mostText bounds each text of an answer, bytes: several times the longest
	// prompt that a service takes, and more than any link.
	mostText = 64 << 10
	// shortestSecret is how long a key is at least that is looked for inside of
	// answers; a shorter one could be a part of any word.
	shortestSecret = 8

	hiddenKey = "[key]"
)

// admitted is an answer without the key, also where JSON writes it with escapes
// or a link with its own. Texts of JSON are cut where they are longer than
// mostText.
func (c *Client) admitted(body []byte) []byte {
	if !json.Valid(body) {
		return []byte(c.withoutKey(string(body)))
	}
	return c.admittedJSON(body)
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
		if end < 0 {
			break
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
	if len(quoted) <= mostText && !c.mayHoldKey(quoted) {
		return nil, false
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return nil, false // nor will it be read later
	}
	hidden := c.withoutKey(text)
	if hidden == text && len(text) <= mostText {
		return nil, false
	}
	if len(hidden) > mostText {
		hidden = strings.ToValidUTF8(hidden[:mostText], "") + "…"
	}
	written, err := json.Marshal(hidden)
	return written, err == nil
}

func (c *Client) mayHoldKey(quoted []byte) bool {
	key := c.options.Conn.Key
	return len(key) >= shortestSecret && (bytes.IndexByte(quoted, '\\') >= 0 || bytes.IndexByte(quoted, '%') >= 0 || bytes.Contains(quoted, []byte(key)))
}

// withoutKey replaces the key, as it is and as a link holds it.
func (c *Client) withoutKey(text string) string {
	key := c.options.Conn.Key
	if len(key) < shortestSecret {
		return text
	}
	return strings.NewReplacer(key, hiddenKey, url.QueryEscape(key), hiddenKey, url.PathEscape(key), hiddenKey).Replace(text)
}

// Quote makes a service's words fit to be shown: on one line, at most 300
// characters, without our key and without the queries of links.
func (c *Client) Quote(words string) string {
	words = printable(words[:min(len(words), mostText)], mostText)
	words = urlQuery.ReplaceAllString(words, "$1")
	if key := c.options.Conn.Key; key != "" {
		words = strings.ReplaceAll(c.withoutKey(words), key, hiddenKey)
	}
	return printable(providers.Shown(words), maxWords)
}
