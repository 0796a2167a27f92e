// What of our own secrets an answer repeats, in the ways it may be written.

package httpapi

import (
	"cmp"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	// shortestSecret is how long a secret is at least that is looked for inside
	// of answers, bytes; a shorter one could be a part of any word.
	shortestSecret = 8

	hiddenKey = "[key]"
)

// veil hides a set of secrets. It is made once for each client: its replacer
// is costly to make and cheap to use.
type veil struct {
	forms   []string // each secret in each of its forms, the longest first
	replace *strings.Replacer
	// key is hidden in quotations however short it is.
	key string
}

// newVeil hides a key and other secrets.
func newVeil(key string, others []string) *veil {
	v := &veil{key: key}
	for _, secret := range append([]string{key}, others...) {
		if len(secret) >= shortestSecret {
			v.forms = append(v.forms, formsOf(secret)...)
		}
	}
	// Of two that begin alike the longer is hidden, not its beginning.
	slices.SortFunc(v.forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	v.forms = slices.Compact(v.forms)
	pairs := make([]string, 0, 2*len(v.forms))
	for _, form := range v.forms {
		pairs = append(pairs, form, hiddenKey)
	}
	v.replace = strings.NewReplacer(pairs...)
	return v
}

var percentEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

// formsOf are a secret as it is, and as links, JSON within a text, and web
// pages hold it.
func formsOf(secret string) []string {
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	within, _ := json.Marshal(secret) // a text can always be written
	return []string{
		secret, query, path, percentEscape.ReplaceAllStringFunc(query, strings.ToLower), percentEscape.ReplaceAllStringFunc(path, strings.ToLower),
		html.EscapeString(secret), strings.ReplaceAll(secret, "/", `\/`), strings.Trim(string(within), `"`),
	}
}

// hide is a text without the secrets.
func (v *veil) hide(text string) string {
	if len(v.forms) == 0 {
		return text
	}
	return v.replace.Replace(text)
}

// hideAll is hide for what is quoted, where even a short key is hidden.
func (v *veil) hideAll(text string) string {
	text = v.hide(text)
	if v.key != "" {
		text = strings.ReplaceAll(text, v.key, hiddenKey)
	}
	return text
}
