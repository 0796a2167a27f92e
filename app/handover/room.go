// Who has a place among the commands that are carried out at once.

package handover

import (
	"net"
	"slices"
	"sync"
)

// room holds at most so many callers. One more takes the place of the caller who
// has said nothing for longest: many who only connect keep nobody out.
type room struct {
	most int

	mu      sync.Mutex
	running int
	silent  []*net.UnixConn // have said nothing yet, the first to come first
}

// enter finds a place for a caller, and reports whether there is one.
func (r *room) enter(conn *net.UnixConn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running+len(r.silent) == r.most {
		if len(r.silent) == 0 {
			return false
		}
		r.silent[0].Close() // whoever serves it sees that
		r.silent = r.silent[1:]
	}
	r.silent = append(r.silent, conn)
	return true
}

// heard notes that a caller has said what it wants, and reports whether it still
// has its place: leave must follow then.
func (r *room) heard(conn *net.UnixConn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.Index(r.silent, conn)
	if at < 0 {
		return false
	}
	r.silent = slices.Delete(r.silent, at, at+1)
	r.running++
	return true
}

// goes notes that a caller went, or had to go, without a word.
func (r *room) goes(conn *net.UnixConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silent = slices.DeleteFunc(r.silent, func(other *net.UnixConn) bool { return other == conn })
}

// leave gives up the place of a command that was carried out.
func (r *room) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
}
