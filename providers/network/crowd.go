// How many connections a server on this computer has at once, and which one
// has to go when another comes.

package network

import (
	"net"
	"net/http"
	"sync"
)

// Crowd bounds the connections of one HTTP server. When one more comes, the
// one that has been doing the same thing for longest is closed, of the address
// that has the most: who sends a request slowly, or none, makes room for whoever
// sends one now, and many from one place make room before the few of others.
// Nobody is kept waiting.
type Crowd struct {
	most int

	mu    sync.Mutex
	turn  uint64 // counts what happened
	conns map[net.Conn]crowded
}

// crowded is a connection and since when it has been as it is.
type crowded struct {
	from  string
	since uint64
}

// NewCrowd is a crowd of at most most connections.
func NewCrowd(most int) *Crowd { return &Crowd{most: most, conns: map[net.Conn]crowded{}} }

// State is an http.Server's ConnState.
func (c *Crowd) State(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateClosed, http.StateHijacked:
		delete(c.conns, conn)
	case http.StateNew:
		c.note(conn)
		if len(c.conns) > c.most {
			slow := c.slowest()
			delete(c.conns, slow)
			_ = slow.Close() // its server sees that it has ended
		}
	case http.StateIdle: // what it asked for is done
		c.note(conn)
	case http.StateActive: // a byte came: one may be all that does
	}
}

// Moved notes that a connection gets on with what it does, such as a part of a
// file that was sent: it isn't the slowest.
func (c *Crowd) Moved(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.conns[conn]; known {
		c.note(conn)
	}
}

// note remembers a connection as it is now; c.mu is held.
func (c *Crowd) note(conn net.Conn) {
	c.turn++
	c.conns[conn] = crowded{from: hostOf(conn), since: c.turn}
}

// slowest is the connection that has been as it is for longest, of the address
// that has the most; c.mu is held.
func (c *Crowd) slowest() (slow net.Conn) {
	counts := map[string]int{}
	for _, one := range c.conns {
		counts[one.from]++
	}
	for conn, one := range c.conns {
		if slow == nil {
			slow = conn
			continue
		}
		worst := c.conns[slow]
		if more := counts[one.from] - counts[worst.from]; more > 0 || more == 0 && one.since < worst.since {
			slow = conn
		}
	}
	return slow
}

func hostOf(conn net.Conn) string {
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		return conn.RemoteAddr().String()
	}
	return host
}
