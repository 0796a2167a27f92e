package app

import (
	"cmp"
	"slices"
	"sync"
)

// Trouble is something a person should know about the studio as a whole: no
// keyring, a full disk, a backup that failed. It is shown once, in one place,
// until it is over.
type Trouble struct {
	Code  string
	Title string
	Text  string
}

type troubles struct {
	mu  sync.Mutex
	all map[string]Trouble
}

// Troubles lists what is wrong now, in a steady order.
func (s *Studio) Troubles() []Trouble {
	s.troubles.mu.Lock()
	defer s.troubles.mu.Unlock()
	list := make([]Trouble, 0, len(s.troubles.all))
	for _, t := range s.troubles.all {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b Trouble) int { return cmp.Compare(a.Code, b.Code) })
	return list
}

func (t *troubles) set(s *Studio, trouble Trouble) {
	t.mu.Lock()
	if t.all == nil {
		t.all = map[string]Trouble{}
	}
	same := t.all[trouble.Code] == trouble
	t.all[trouble.Code] = trouble
	t.mu.Unlock()
	if !same {
		s.publish(TroubleChanged, trouble.Code)
	}
}

func (t *troubles) clear(s *Studio, code string) {
	t.mu.Lock()
	_, was := t.all[code]
	delete(t.all, code)
	t.mu.Unlock()
	if was {
		s.publish(TroubleChanged, code)
	}
}
