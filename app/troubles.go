// What is wrong with the studio as a whole.

package app

import (
	"cmp"
	"slices"
	"sync"

	"github.com/maquette-studio/maquette/providers"
)

// Trouble is something a person should know about the studio as a whole: no
// keyring, a full disk, a backup that failed. It is shown once, in one place,
// until it is over.
type Trouble struct {
	Code  string
	Title providers.Sentence
	Text  providers.Sentence
}

// Troubles holds what is wrong now.
type Troubles struct {
	changed func(code string)

	mu  sync.Mutex
	all map[string]Trouble
}

// List is what is wrong now, in a steady order.
func (t *Troubles) List() []Trouble {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]Trouble, 0, len(t.all))
	for _, trouble := range t.all {
		list = append(list, trouble)
	}
	slices.SortFunc(list, func(a, b Trouble) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

// Set shows a trouble until its code is cleared.
func (t *Troubles) Set(code string, title, text providers.Sentence) {
	trouble := Trouble{code, title, text}
	t.mu.Lock()
	if t.all == nil {
		t.all = map[string]Trouble{}
	}
	before := t.all[code]
	same := before.Title.Equal(title) && before.Text.Equal(text)
	t.all[code] = trouble
	t.mu.Unlock()
	if !same {
		t.changed(code)
	}
}

// Clear says that a trouble is over.
func (t *Troubles) Clear(code string) {
	t.mu.Lock()
	_, was := t.all[code]
	delete(t.all, code)
	t.mu.Unlock()
	if was {
		t.changed(code)
	}
}
