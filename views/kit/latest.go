// Work of which only the newest counts: a search, a check, a look into the keyring.

package kit

import "context"

// Latest gives up older work for newer. It belongs to the UI goroutine.
type Latest struct {
	Turn   int
	Cancel context.CancelFunc
}

// WorkLatest is work whose result is shown only while nothing newer was asked
// of l.
func WorkLatest[T any](ws *Workers, l *Latest, do func(ctx context.Context) T, then func(T)) {
	l.Drop()
	turn := l.Turn
	l.Cancel = Work(ws, do, func(result T) {
		if turn == l.Turn {
			l.Cancel = nil
			then(result)
		}
	})
}

// Drop gives up what is under way.
func (l *Latest) Drop() {
	l.Turn++
	if l.Cancel != nil {
		l.Cancel()
		l.Cancel = nil
	}
}
