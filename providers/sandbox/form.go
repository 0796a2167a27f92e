// Reading and checking request fields, collecting every problem in FastAPI's shape.

package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// problem is one entry of FastAPI's error list.
type problem struct {
	Loc  []any  `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
}

// form reads the fields of one JSON object. A null field counts as absent.
type form struct {
	at       []any
	fields   map[string]any
	problems *[]problem
	seen     map[string]bool
}

func (f *form) ok() bool { return len(*f.problems) == 0 }

func (f *form) add(key, kind, format string, args ...any) {
	at := slices.Clone(f.at)
	if key != "" {
		at = append(at, key)
	}
	*f.problems = append(*f.problems, problem{at, fmt.Sprintf(format, args...), kind})
}

func (f *form) missing(key string) { f.add(key, "value_error.missing", "field required") }

func (f *form) has(key string) bool { return f.fields[key] != nil }

func (f *form) get(key string) any {
	f.seen[key] = true
	return f.fields[key]
}

// require reports the absent ones among keys.
func (f *form) require(keys ...string) {
	for _, key := range keys {
		if f.get(key) == nil {
			f.missing(key)
		}
	}
}

// only reports every field that was not asked for.
func (f *form) only() {
	for _, key := range f.unknown() {
		f.add(key, "value_error.extra", "extra fields not permitted")
	}
}

// unknown lists the fields that were not asked for.
func (f *form) unknown() (extra []string) {
	for _, key := range slices.Sorted(maps.Keys(f.fields)) {
		if !f.seen[key] {
			extra = append(extra, key)
		}
	}
	return extra
}

// text reads a string of at least shortest and at most longest characters.
func (f *form) text(key string, shortest, longest int) *string {
	v := f.get(key)
	if v == nil {
		return nil
	}
	s, ok := v.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case !ok:
		f.add(key, "type_error.str", "str type expected")
	case n < shortest:
		f.add(key, "value_error.any_str.min_length", "ensure this value has at least %d characters", shortest)
	case n > longest:
		f.add(key, "value_error.any_str.max_length", "ensure this value has at most %d characters", longest)
	default:
		return &s
	}
	return nil
}

// open reads a string that isn't empty.
func (f *form) open(key string) *string { return f.text(key, 1, math.MaxInt) }

// choice reads a string that is one of the options.
func (f *form) choice(key string, options ...string) *string {
	s := f.text(key, 0, math.MaxInt)
	if s == nil || slices.Contains(options, *s) {
		return s
	}
	f.add(key, "type_error.enum", "value is not a valid enumeration member; permitted: '%s'", strings.Join(options, "', '"))
	return nil
}

// number reads a number from low to high.
func (f *form) number(key string, low, high float64) *float64 {
	v := f.get(key)
	if v == nil {
		return nil
	}
	n, ok := v.(json.Number)
	if !ok {
		f.add(key, "type_error.float", "value is not a valid float")
		return nil
	}
	x, err := n.Float64()
	switch {
	case err != nil:
		f.add(key, "type_error.float", "value is not a valid float")
	case x < low:
		f.add(key, "value_error.number.not_ge", "ensure this value is greater than or equal to %v", low)
	case x > high:
		f.add(key, "value_error.number.not_le", "ensure this value is less than or equal to %v", high)
	default:
		return &x
	}
	return nil
}

// anyNumber reads a number of any size: no document limits it.
func (f *form) anyNumber(key string) *float64 {
	return f.number(key, -math.MaxFloat64, math.MaxFloat64)
}

// anyInteger reads a whole number of any size.
func (f *form) anyInteger(key string) *int { return f.integer(key, math.MinInt, math.MaxInt) }

// positive reads a number above zero.
func (f *form) positive(key string) *float64 {
	x := f.number(key, math.Inf(-1), math.MaxFloat64)
	if x != nil && *x <= 0 {
		f.add(key, "value_error.number.not_gt", "ensure this value is greater than 0")
		return nil
	}
	return x
}

// integer reads a whole number from low to high.
func (f *form) integer(key string, low, high int) *int {
	v := f.get(key)
	if v == nil {
		return nil
	}
	if n, ok := v.(json.Number); ok {
		if whole, err := n.Int64(); err == nil {
			if f.number(key, float64(low), float64(high)) == nil {
				return nil
			}
			exact := int(whole)
			return &exact
		}
	}
	f.add(key, "type_error.integer", "value is not a valid integer")
	return nil
}

func (f *form) boolean(key string) *bool {
	v := f.get(key)
	if v == nil {
		return nil
	}
	b, ok := v.(bool)
	if !ok {
		f.add(key, "type_error.bool", "value could not be parsed to a boolean")
		return nil
	}
	return &b
}

// link reads an absolute http or https URL.
func (f *form) link(key string) *string {
	s := f.text(key, 1, 4096)
	if s == nil {
		return nil
	}
	u, err := url.Parse(*s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		f.add(key, "value_error.url", "invalid or missing URL scheme")
		return nil
	}
	return s
}

// list reads an array of at least fewest and at most most elements, each seen as the only field ""
// of a form of its own, so that the same readers serve for elements.
func (f *form) list(key string, fewest, most int) []*form {
	v := f.get(key)
	if v == nil {
		return nil
	}
	items, ok := v.([]any)
	switch {
	case !ok:
		f.add(key, "type_error.list", "value is not a valid list")
		return nil
	case len(items) < fewest:
		f.add(key, "value_error.list.min_items", "ensure this value has at least %d items", fewest)
		return nil
	case len(items) > most:
		f.add(key, "value_error.list.max_items", "ensure this value has at most %d items", most)
		return nil
	}
	forms := make([]*form, len(items))
	for i, item := range items {
		forms[i] = &form{at: append(slices.Clone(f.at), key, i), fields: map[string]any{"": item}, problems: f.problems, seen: map[string]bool{}}
		if item == nil {
			forms[i].add("", "type_error.none.not_allowed", "none is not an allowed value")
		}
	}
	return forms
}

// links reads a list of URLs.
func (f *form) links(key string, fewest, most int) []string {
	var urls []string
	for _, item := range f.list(key, fewest, most) {
		if s := item.link(""); s != nil {
			urls = append(urls, *s)
		}
	}
	return urls
}

// group reads a nested object; nil when absent or not an object.
func (f *form) group(key string) *form {
	v := f.get(key)
	if v == nil {
		return nil
	}
	object, ok := v.(map[string]any)
	if !ok {
		f.add(key, "type_error.dict", "value is not a valid dict")
		return nil
	}
	at := slices.Clone(f.at)
	if key != "" {
		at = append(at, key)
	}
	return &form{at: at, fields: object, problems: f.problems, seen: map[string]bool{}}
}

// groups reads a list of nested objects.
func (f *form) groups(key string, fewest, most int) []*form {
	var groups []*form
	for _, item := range f.list(key, fewest, most) {
		if g := item.group(""); g != nil {
			groups = append(groups, g)
		}
	}
	return groups
}

// or returns what p points to, or a default.
func or[T any](p *T, def T) T {
	if p == nil {
		return def
	}
	return *p
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
