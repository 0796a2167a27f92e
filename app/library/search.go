// Finding pictures by the words of what made them.

package library

import "strings"

// Search returns the pictures whose prompt, model, service and task together
// hold every word of query, newest first; all of them for an empty query.
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
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return all
	}
	var found []*entry
	for _, e := range all {
		if holdsAll(e.text, words) {
			found = append(found, e)
		}
	}
	return found
}

func holdsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
