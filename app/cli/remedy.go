// Where advice leads, in words of the command line.

package cli

import (
	"fmt"

	"github.com/maquette-studio/maquette/providers"
)

// sayAdvice prints what to do about a failure, and by which command. service
// is the one that failed, nil for none; job is the job's id, "" for none.
func (c *command) sayAdvice(f *providers.Failure, service *providers.Service, job string) {
	if !f.Advice.IsZero() {
		fmt.Fprintln(c.Err, " ", f.Advice)
	}
	if words := remedyWords(f.Remedy, service, job); words != "" {
		fmt.Fprintln(c.Err, " ", words)
	}
}

// remedyWords are the command, the variable or the flag that a remedy asks for;
// "" where there is none.
func remedyWords(remedy providers.Remedy, service *providers.Service, job string) string {
	switch remedy.Code {
	case providers.OpenKeys:
		if service != nil {
			return "maquette keys set " + service.ID + ", or " + service.KeyEnv
		}
	case providers.OpenAddress:
		if service != nil {
			return service.URLEnv
		}
	case providers.OpenBucket:
		return "maquette bucket set"
	case providers.OpenPlace:
		return "maquette place set, or maquette bucket set"
	case providers.CheckBucket:
		return "maquette bucket check"
	case providers.OpenFolder:
		return "--data DIR"
	case providers.MakeCall:
		if remedy.Set != "" {
			return "maquette call " + remedy.Call + " --set " + remedy.Set
		}
		return "maquette call " + remedy.Call
	case providers.RetryJob:
		if job != "" {
			return "maquette jobs retry " + job
		}
	}
	return ""
}
