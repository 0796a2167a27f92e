// Which pictures of a grid are selected, and where its cursor stands: the rules file managers share.

package picture

import (
	"cmp"
	"maps"
	"slices"
)

// gridSelection keeps the selected ids with their positions. The cursor is where the keyboard stands, the anchor
// where a range begins; both are positions, -1 when there is none.
type gridSelection struct {
	at             map[string]int
	cursor, anchor int
}

func newGridSelection() gridSelection {
	return gridSelection{at: map[string]int{}, cursor: -1, anchor: -1}
}

func (s *gridSelection) has(id string) bool {
	_, ok := s.at[id]
	return ok
}

// ids in the order they are shown.
func (s *gridSelection) ids() []string {
	return slices.SortedFunc(maps.Keys(s.at), func(a, b string) int { return cmp.Compare(s.at[a], s.at[b]) })
}

// only selects one picture and nothing else.
func (s *gridSelection) only(items []Item, i int) {
	clear(s.at)
	s.at[items[i].ID] = i
	s.cursor, s.anchor = i, i
}

func (s *gridSelection) toggle(items []Item, i int) {
	if id := items[i].ID; s.has(id) {
		delete(s.at, id)
	} else {
		s.at[id] = i
	}
	s.cursor, s.anchor = i, i
}

// extend selects everything between the anchor and i, and nothing else.
func (s *gridSelection) extend(items []Item, i int) {
	if s.anchor < 0 {
		s.anchor = max(0, s.cursor)
	}
	clear(s.at)
	for j := min(s.anchor, i); j <= max(s.anchor, i); j++ {
		s.at[items[j].ID] = j
	}
	s.cursor = i
}

func (s *gridSelection) all(items []Item) {
	clear(s.at)
	for i, item := range items {
		s.at[item.ID] = i
	}
	s.anchor, s.cursor = 0, max(0, s.cursor)
}

// replace selects exactly the given ids, as far as they are there. The cursor goes to a single one.
func (s *gridSelection) replace(items []Item, ids []string) {
	clear(s.at)
	for _, id := range ids {
		s.at[id] = -1
	}
	cursor := ""
	if len(ids) == 1 {
		cursor = ids[0]
	}
	s.relocate(items, cursor, cursor)
}

// relocate finds the selection, the cursor and the anchor again after the items changed; what is gone is unselected.
func (s *gridSelection) relocate(items []Item, cursorID, anchorID string) {
	cursor, anchor := -1, -1
	found := make(map[string]int, len(s.at))
	for i, item := range items {
		if len(found) == len(s.at) && (cursorID == "" || cursor >= 0) && (anchorID == "" || anchor >= 0) {
			break
		}
		if s.has(item.ID) {
			found[item.ID] = i
		}
		if cursorID != "" && item.ID == cursorID {
			cursor = i
		}
		if anchorID != "" && item.ID == anchorID {
			anchor = i
		}
	}
	if cursor < 0 {
		cursor = min(s.cursor, len(items)-1)
	}
	s.at, s.cursor, s.anchor = found, cursor, anchor
}
