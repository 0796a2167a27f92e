// Package handover lets the process that has a data directory carry out the
// commands of others. It listens on a Unix-domain socket in the directory, for
// its own user only; another process hands over its arguments and gets back
// what the command prints and how it ended. What a command is, neither side
// here knows: the one is given a function that runs it, the other its streams.
//
// Before a command changes or sends anything its caller is told (Guest.Begin)
// and confirms it. So a caller whose host dies knows whether the command can
// be run again.
package handover

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// protocol changes whenever a frame means something else than before.
const protocol = 1

var (
	// ErrNobody: nobody listens for the directory. Nothing was handed over.
	ErrNobody = errors.New("nobody takes commands for this data directory")
	// ErrVersion: who listens speaks another protocol. Nothing was handed over.
	ErrVersion = errors.New("the Maquette that has the data directory is of another version")
	// ErrCrowded: as many commands as are taken are being carried out. Nothing
	// was handed over.
	ErrCrowded = errors.New("the Maquette that has the data directory carries out as many commands as it takes")
	// ErrStranger: who listens isn't this user, or has another directory.
	// Nothing was handed over.
	ErrStranger = errors.New("what listens in the data directory isn't this user's Maquette")
	// ErrSilent: who listens doesn't answer. Nothing was handed over.
	ErrSilent = errors.New("the Maquette that has the data directory doesn't answer")
	// ErrEnded is why a command stops when the process that carries it out ends.
	ErrEnded = errors.New("the Maquette that has the data directory was closed")
)

// Order is a command as it is handed over.
type Order struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"` // the caller's working directory
	// Environment holds a mark of each of the caller's variables that matter,
	// by name. Values themselves stay with the caller.
	Environment map[string]string `json:"environment"`
}

// Exit is how a command ended.
type Exit struct {
	Code int `json:"code"`
	// Again means that nothing was begun when the host ended: the command can be
	// run from its start.
	Again bool `json:"again,omitempty"`
	// Follows are the jobs that the command still followed when the host ended.
	Follows []string `json:"follows,omitempty"`
}

// hello is what a host says first.
type hello struct {
	Protocol int    `json:"protocol"`
	Dir      string `json:"dir"`   // what it has
	Nonce    string `json:"nonce"` // of this connection, for the marks
	Crowded  bool   `json:"crowded,omitempty"`
}

// mark tells whether two processes know the same value, and nothing of it to
// who doesn't.
func mark(nonce, name, value string) string {
	sum := hmac.New(sha256.New, []byte(nonce))
	sum.Write([]byte(name + "\x00" + value))
	return hex.EncodeToString(sum.Sum(nil))
}
