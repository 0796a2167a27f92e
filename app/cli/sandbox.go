// The simulated services in a process of their own.

package cli

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/maquette-studio/maquette/providers/sandbox"
)

// sandbox runs the simulated services in the foreground until it is stopped.
func (c *command) sandbox(ctx context.Context, _ []string) error {
	if _, _, err := net.SplitHostPort(c.listen); c.listen != "" && err != nil {
		return usagef("--listen takes an address such as 127.0.0.1:8080: %v", err)
	}
	for _, rule := range c.faults {
		if _, err := sandbox.ParseFault(rule); err != nil {
			return usagef("%v", err)
		}
	}
	dir := c.state
	if dir == "" {
		temp, err := os.MkdirTemp("", "maquette-sandbox-")
		if err != nil {
			return fmt.Errorf("making a folder for the sandbox: %w", err)
		}
		defer os.RemoveAll(temp)
		dir = filepath.Join(temp, "state")
	}
	s, err := sandbox.Start(ctx, sandbox.Config{Dir: dir, Listen: c.listen, Faults: c.faults, Pace: c.Pace})
	if err != nil {
		return err
	}
	if s.Open() {
		fmt.Fprintf(c.Err, "Other computers can reach the simulated services at %s; whoever has their keys, which are printed here, can use them.\n", c.listen)
	}
	for _, line := range s.Env() {
		fmt.Fprintln(c.Out, line)
	}
	<-ctx.Done()
	return s.Close()
}
