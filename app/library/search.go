// Finding pictures by the words of what made them.

package library

import "github.com/maquette-studio/maquette/app/search"

// Search returns the pictures whose prompt, model, service and task together
// hold every word of query (see search.Words), newest first; all of them for an empty query.
// It reads memory only.
func (l *Library) Search(query string) []Picture {
	return pictures(l.find(query))
}

// SearchIDs is Search for those who show only what is on screen: ids alone,
// without copying the records.
func (l *Library) SearchIDs(query string) []string {
	found := l.find(query)
	ids := make([]string, len(found))
	for i, e := range found {
		ids[i] = e.ID
	}
	return ids
}

func (l *index) find(query string) []*entry {
	l.mu.RLock()
	all := l.newest // replaced, never altered, so it can be read unlocked
	l.mu.RUnlock()
	words := search.Parse(query)
	if len(words) == 0 {
		return all
	}
	var found []*entry
	for _, e := range all {
		if words.In(e.text) {
			found = append(found, e)
		}
	}
	return found
}

// Maker is a model as a picture's record names it.
type Maker struct {
	Service string
	Model   string // the service's own id, or Maquette's
}

// LastOf returns the id of the newest picture that each model made, trash
// aside. It reads memory only.
func (l *Library) LastOf() map[Maker]string {
	l.mu.RLock()
	all := l.newest // replaced, never altered, so it can be read unlocked
	l.mu.RUnlock()
	last := map[Maker]string{}
	for _, e := range all {
		by := Maker{e.Service, e.Model}
		if _, known := last[by]; !known && e.Model != "" {
			last[by] = e.ID
		}
	}
	return last
}
