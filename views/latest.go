// Work of which only the newest counts: a search, a check, a look into the keyring.

package views

import "context"

// latest gives up older work for newer. It belongs to the UI goroutine.
type latest struct {
	turn   int
	cancel context.CancelFunc
}

// workLatest is work whose result is shown only while nothing newer was asked
// of l.
func workLatest[T any](w *Window, l *latest, do func(ctx context.Context) T, then func(T)) {
	l.drop()
	turn := l.turn
	l.cancel = work(w, do, func(result T) {
		if turn == l.turn {
			l.cancel = nil
			then(result)
		}
	})
}

// drop gives up what is under way.
func (l *latest) drop() {
	l.turn++
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}
