// Looking at Luma for a request whose answer never came: the list of
// generations, compared with what was sent.

package luma

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

const (
	listPage  = 100 // the most that Luma lists at once
	listPages = 50  // beyond so many pages it is left to a person
	// clockSlack covers the second that Date rounds to, and a request that
	// was queued on its way.
	clockSlack = 2 * time.Minute
)

var whereToLook = providers.Say("Look at your list of generations, or on Luma's own site.")

// find returns a Find for the request that body was.
func (c client) find(body map[string]any) providers.Find {
	return func(ctx context.Context, intent providers.Intent) (providers.Finding, error) {
		search := search{body: asJSON(body), seen: map[string]bool{}, ordered: true}
		for range listPages {
			listed, err := c.list(ctx, listPage, search.listed)
			if err != nil {
				return providers.Finding{}, err
			}
			if search.since.IsZero() {
				search.sent = c.api.SentAt(intent).Add(-clockSlack)
				search.since = c.api.EarliestSent(intent).Add(-clockSlack)
			}
			if search.read(listed) {
				break
			}
		}
		return providers.Finding{
			Matches: search.matches, Maybe: search.maybe, Complete: search.complete && !search.doubt,
			Look: whereToLook, Remedy: providers.Calling("luma/generations", ""), Listed: slices.AppendSeq([]string{}, maps.Keys(search.seen)),
		}, nil
	}
}

// search is what was seen of the list so far.
type search struct {
	body     map[string]any
	sent     time.Time // by the service's clock
	since    time.Time // by whichever clock says that it left earlier
	listed   int
	seen     map[string]bool
	last     time.Time
	ordered  bool // every generation so far was older than the one before
	matches  []providers.Receipt
	maybe    []providers.Receipt
	complete bool // the end was reached, or generations older than the request
	doubt    bool // something could not be read that may be the request
}

// read takes in one page and reports whether there is no need for another.
func (s *search) read(listed page) bool {
	fresh := false
	for _, raw := range listed.Generations {
		s.listed++
		var g generation
		if json.Unmarshal(raw, &g) != nil || g.ID == "" {
			s.doubt = true
			continue
		}
		if s.seen[g.ID] {
			continue
		}
		s.seen[g.ID], fresh = true, true
		s.compare(g)
	}
	more := listed.HasMore == nil || *listed.HasMore
	switch {
	case s.ordered && !s.last.IsZero() && s.last.Before(s.since):
		s.complete = true
	case len(listed.Generations) == 0:
		s.complete = listed.HasMore == nil || !*listed.HasMore
	case !more:
		s.complete = true
	case fresh:
		return false
	}
	return true
}

func (s *search) compare(g generation) {
	created := g.created()
	if created.IsZero() || !s.last.IsZero() && created.After(s.last) {
		s.ordered = false
	}
	if !created.IsZero() {
		s.last = created
	}
	if !sameRequest(s.body, g.Request) {
		return
	}
	switch {
	case created.IsZero():
		s.doubt = true
	case !created.Before(s.sent):
		s.matches = append(s.matches, receiptOf(g))
	case !created.Before(s.since):
		s.maybe = append(s.maybe, receiptOf(g))
	}
}

// references are the members of a request that hold pictures: where we sent
// none, a match has none either.
var references = []string{"image_ref", "style_ref", "character_ref", "modify_image_ref", "media"}

// sameRequest compares what was sent with what Luma repeats. A member that
// Luma doesn't repeat says nothing, except for those that it always does. Where
// it calls back to says nothing either: that may change between two starts.
func sameRequest(sent, repeated map[string]any) bool {
	for key, want := range sent {
		got := repeated[key]
		switch {
		case key == "generation_type" || key == "callback_url" || blank(got) && !alwaysRepeated(key):
			continue
		case !sameValue(want, got):
			return false
		}
	}
	for _, key := range references {
		if blank(sent[key]) != blank(repeated[key]) {
			return false
		}
	}
	return true
}

func alwaysRepeated(key string) bool {
	return key == "prompt" || key == "model" || key == "aspect_ratio"
}

func blank(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}

// sameValue compares two JSON values: links by their last path segment, since
// they are signed anew and may be moved to a host of Luma's; numbers up to
// their rounding.
func sameValue(want, got any) bool {
	switch want := want.(type) {
	case string:
		text, ok := got.(string)
		return ok && (providers.SameText(want, text) || lastSegment(text) != "" && lastSegment(text) == lastSegment(want))
	case float64:
		number, ok := got.(float64)
		return ok && math.Abs(number-want) < 1e-6
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		for i := range want {
			if !sameValue(want[i], list[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		object, ok := got.(map[string]any)
		for key := range want {
			if !blank(object[key]) && !sameValue(want[key], object[key]) {
				return false
			}
		}
		return ok
	}
	return want == got
}

func lastSegment(link string) string {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return ""
	}
	return path.Base(u.Path)
}

// asJSON is a request as encoding/json reads it back.
func asJSON(body map[string]any) map[string]any {
	var out map[string]any
	encoded, err := json.Marshal(body)
	if err != nil || json.Unmarshal(encoded, &out) != nil {
		return body
	}
	return out
}
