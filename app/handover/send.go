// The side that hands its command over.

package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	// dialPatience is how long the host may take to greet.
	dialPatience = 5 * time.Second
	// stopPatience is how long an interrupted command may take to say so.
	stopPatience = 5 * time.Second
)

// Command is what a process hands over, and its streams.
type Command struct {
	Args []string
	Dir  string // its working directory
	// Environment holds the variables that matter, by name. Marks of them leave,
	// never their values.
	Environment map[string]string
	// ReadLine reads a line of standard input, once the command wants it.
	ReadLine func() (string, error)
	Out, Err io.Writer
}

// LostError is that the host went in the middle of a command.
type LostError struct {
	Begun   bool     // something may have been changed or sent
	Follows []string // the jobs that were followed
}

func (e *LostError) Error() string { return ErrEnded.Error() + " in the middle of the command" }

// Unwrap makes the error ErrEnded.
func (e *LostError) Unwrap() error { return ErrEnded }

// Send hands a command over to the process that has the data directory and
// returns how it ended. When ctx ends, the command is interrupted there. Errors:
// ErrNobody, ErrVersion, ErrCrowded, ErrStranger and ErrSilent, after which
// nothing was handed over; a *LostError, also when the host doesn't heed an
// interrupt; or what is wrong with a stream.
func Send(ctx context.Context, dir string, command Command) (Exit, error) {
	path, err := find(dir)
	if err != nil {
		return Exit{}, err
	}
	dialer := net.Dialer{Timeout: dialPatience}
	dialed, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		return Exit{}, ErrNobody
	}
	conn := dialed.(*net.UnixConn)
	defer conn.Close()
	greeting, err := greeted(conn, dir)
	if err != nil {
		return Exit{}, err
	}
	marks := map[string]string{}
	for name, value := range command.Environment {
		marks[name] = mark(greeting.Nonce, name, plain(value))
	}
	if err := writeJSON(conn, kindOrder, Order{command.Args, command.Dir, marks}); err != nil {
		return Exit{}, &LostError{}
	}
	c := &caller{Command: command, conn: conn}
	defer c.interruptible(ctx)()
	return c.attend()
}

// greeted reads the host's greeting and checks that it is the right one.
func greeted(conn *net.UnixConn, dir string) (hello, error) {
	var greeting hello
	if !sameUser(conn) {
		return greeting, ErrStranger
	}
	_ = conn.SetReadDeadline(time.Now().Add(dialPatience))
	f, err := readFrame(conn, kindHello)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return greeting, ErrSilent
	case errors.Is(err, errMalformed):
		return greeting, ErrVersion
	case err != nil: // it ends just now
		return greeting, ErrNobody
	}
	if err := f.decode(&greeting); err != nil || greeting.Protocol != protocol {
		return greeting, ErrVersion
	}
	switch {
	case !sameFolder(greeting.Dir, dir):
		return greeting, ErrStranger
	case greeting.Crowded:
		return greeting, ErrCrowded
	}
	_ = conn.SetReadDeadline(time.Time{})
	return greeting, nil
}

// sameFolder: a copied data directory may name the socket of the first one.
func sameFolder(one, other string) bool {
	first, err := os.Stat(one)
	if err != nil {
		return false
	}
	second, err := os.Stat(other)
	return err == nil && os.SameFile(first, second)
}

// caller is a command that was handed over.
type caller struct {
	Command
	conn    net.Conn
	writing sync.Mutex
	lost    LostError
}

// interruptible passes an interrupt on. A command that doesn't stop is left.
func (c *caller) interruptible(ctx context.Context) (release func()) {
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = c.send(kindCancel, nil)
		select {
		case <-ended:
		case <-time.After(stopPatience):
			c.conn.Close()
		}
	})
	return func() {
		close(ended)
		stop()
	}
}

func (c *caller) send(k kind, content []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.conn.SetWriteDeadline(time.Now().Add(stopPatience)); err != nil {
		return err
	}
	return writeFrame(c.conn, k, content)
}

// attend does what the host says until the command has ended.
func (c *caller) attend() (Exit, error) {
	for {
		f, err := readFrame(c.conn, kindOut, kindErr, kindRead, kindBegin, kindJob, kindExit)
		if err != nil {
			return Exit{}, &c.lost
		}
		switch f.kind {
		case kindOut:
			_, err = c.Out.Write(f.content)
		case kindErr:
			_, err = c.Err.Write(f.content)
		case kindRead:
			err = c.answer()
		case kindBegin:
			c.lost.Begun = true
			_ = c.send(kindKnown, nil) // the next read tells whether it has gone
		case kindJob:
			c.lost.Follows = append(c.lost.Follows, string(f.content))
		case kindExit:
			var exit Exit
			if f.decode(&exit) != nil {
				return Exit{}, &c.lost
			}
			return exit, nil
		}
		if err != nil {
			return Exit{}, err
		}
	}
}

// answer sends a line of standard input.
func (c *caller) answer() error {
	line, err := c.ReadLine()
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading standard input: %w", err)
	}
	_ = c.send(kindInput, []byte(line)[:min(len(line), maxFrame)])
	return nil
}
