// The side that has the data directory: it takes commands and runs them.

package handover

import (
	"context"
	"crypto/rand"
	"net"
	"sync"
	"time"
)

const (
	// most is how many commands are carried out at once.
	most = 64
	// orderPatience is how long a caller may take to say what it wants.
	orderPatience = 10 * time.Second
	// writePatience is how long a caller may leave what is printed unread: a
	// pager stands still for as long as a person reads.
	writePatience = time.Hour
	// endPatience is how long commands may take to stop when the host ends.
	endPatience = 3 * time.Second
)

// Listener takes commands for one data directory.
type Listener struct {
	dir    string
	socket *net.UnixListener
	room   room
}

// Listen makes the socket of a data directory that this process has, so that
// no other listens there. Serve must be called.
func Listen(dir string) (*Listener, error) {
	socket, err := bind(dir)
	if err != nil {
		return nil, err
	}
	return &Listener{dir: dir, socket: socket, room: room{most: most}}, nil
}

// Serve runs commands until ctx ends, each on a goroutine of its own. Their
// contexts end with ErrEnded as the cause then, or when their caller goes. It
// returns when all have ended, a few seconds later at most if they heed their
// context.
func (l *Listener) Serve(ctx context.Context, run func(context.Context, *Guest) Exit) {
	guests, end := context.WithCancelCause(context.Background())
	var work sync.WaitGroup
	stop := context.AfterFunc(ctx, func() {
		l.socket.Close()
		end(ErrEnded)
	})
	defer stop()
	for {
		conn, err := l.socket.AcceptUnix()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			break
		}
		if err != nil {
			// Out of file handles, as a rule: others close theirs.
			pause(ctx)
			continue
		}
		work.Go(func() { l.take(guests, conn, run) })
	}
	work.Wait()
}

// pause waits a moment, or until ctx ends.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(50 * time.Millisecond):
	}
}

// take carries out the command of one connection.
func (l *Listener) take(ctx context.Context, conn *net.UnixConn, run func(context.Context, *Guest) Exit) {
	defer conn.Close()
	if !sameUser(conn) {
		return
	}
	greeting := hello{Protocol: protocol, Dir: l.dir, Nonce: rand.Text(), Crowded: !l.room.enter(conn)}
	defer l.room.goes(conn)
	_ = conn.SetDeadline(time.Now().Add(orderPatience))
	if writeJSON(conn, kindHello, greeting) != nil || greeting.Crowded {
		return
	}
	ordered, err := readFrame(conn, kindOrder)
	if err != nil || !l.room.heard(conn) {
		return
	}
	defer l.room.leave()
	guest := newGuest(conn, greeting.Nonce)
	if ordered.decode(&guest.Order) != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	guest.serve(ctx, run)
}
