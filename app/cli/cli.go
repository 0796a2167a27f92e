// Package cli is Maquette without its window: every command runs on the same
// engine and ends. With --json it prints one JSON object a line; errors go to
// stderr.
package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// The exit codes, which scripts rely on.
const (
	ExitDone     = 0
	ExitFailed   = 1
	ExitInvalid  = 2 // wrong usage or invalid values: nothing was sent
	ExitNeedsYou = 3
)

// patience is how long a command waits for a network or service to come back;
// the window waits a day.
const patience = time.Minute

// Program is what a command runs in.
type Program struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	// Window opens the window, when no command was given.
	Window func(app.Config) error
	// Tempo scales every wait between polls and tries, Pace how long the
	// sandbox's jobs take; 0 means 1. Tests use small values.
	Tempo, Pace float64
}

// Usage is what --help prints.
const Usage = `maquette [--demo] [--data DIR]                  the window
maquette services [--json]                      services, tasks, calls and every field
maquette run TASK [--set k=v]... [--photo F [--caption TEXT]]... [--dataset D] [--consent] [--out DIR] [--no-wait] [--json]
maquette call SERVICE/CALL [--set k=v]... [--json]
maquette run|call ... --print curl|command     prints what would be sent, as curl or as a command of Maquette's own
maquette jobs list|show ID|resume [ID]|cancel ID|retry ID [--json]
maquette jobs resolve ID --resubmit|--adopt REMOTE|--give-up [--json]
maquette jobs import SERVICE [ID...|--all] [--json]   jobs that the service knows and Maquette doesn't
maquette models list|download ID [--out DIR]|forget ID [--json]
maquette datasets list|import FOLDER|export D --out DIR [--originals] [--json]
maquette images list [--search Q]|export ID --out DIR [--json]
maquette keys set|check|delete SERVICE          the key comes on standard input
maquette bucket set --endpoint URL --bucket NAME --access-key ID [--region R] [--public-url URL]
maquette bucket check|delete                    the secret comes on standard input
maquette sandbox [--listen ADDR] [--state DIR] [--fault RULE]...
maquette check                                  verifies the database and every stored picture

--demo     work against the built-in sandbox: no key, no network, no cost
--data DIR where everything is kept (or MAQUETTE_DATA)

Exit codes: 0 done, 1 failed, 2 wrong usage or invalid values (nothing was sent), 3 needs you.
`

// command is one command while it runs.
type command struct {
	Program
	flags  *flag.FlagSet
	demo   bool
	data   string
	json   bool
	studio *app.Studio
}

// usageError is the caller's mistake: exit code 2.
type usageError struct{ text string }

func (u *usageError) Error() string { return u.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// exitError ends the command with a code when everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run runs the command that args name and returns its exit code.
func (p Program) Run(ctx context.Context, args []string) int {
	err := p.dispatch(ctx, args)
	var exit exitError
	var usage *usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return ExitDone
	case errors.As(err, &exit):
		return int(exit)
	case errors.As(err, &usage):
		fmt.Fprintln(p.Err, "maquette:", err)
		return ExitInvalid
	}
	p.sayError(err)
	return ExitFailed
}

// sayError prints what happened and what to do about it.
func (p Program) sayError(err error) {
	fmt.Fprintln(p.Err, "maquette:", err)
	var f *providers.Failure
	if errors.As(err, &f) && f.Advice != "" {
		fmt.Fprintln(p.Err, "  "+f.Advice)
	}
	if errors.Is(err, storage.ErrInUse) {
		fmt.Fprintln(p.Err, "  Close the other Maquette, or name another folder with --data.")
	}
}

func (p Program) dispatch(ctx context.Context, args []string) error {
	name, rest := commandName(args)
	if p.Env == nil {
		p.Env = os.Getenv
	}
	c := &command{Program: p, flags: flag.NewFlagSet("maquette", flag.ContinueOnError)}
	c.flags.SetOutput(io.Discard)
	c.flags.BoolVar(&c.demo, "demo", false, "")
	c.flags.StringVar(&c.data, "data", "", "")
	c.flags.BoolVar(&c.json, "json", false, "")
	run, known := map[string]func(context.Context, []string) error{
		"": c.window, "services": c.services, "run": c.run, "call": c.call, "jobs": c.jobs, "models": c.models,
		"datasets": c.datasets, "images": c.images, "keys": c.keys, "bucket": c.bucket, "sandbox": c.sandbox, "check": c.check, "help": c.help,
	}[name]
	if !known {
		return usagef("there is no command %q; “maquette --help” lists them", name)
	}
	return run(ctx, rest)
}

// takesValue are the flags whose value may be an argument of its own.
var takesValue = []string{
	"data", "set", "photo", "caption", "dataset", "out", "print", "search", "adopt", "listen", "state", "fault",
	"endpoint", "bucket", "access-key", "region", "public-url",
}

// commandName finds the command among flags that may stand before it.
func commandName(args []string) (name string, rest []string) {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case strings.HasPrefix(arg, "-") && slices.Contains(takesValue, strings.TrimLeft(arg, "-")):
			i++
		case arg == "--help" || arg == "-h" || arg == "-help":
			return "help", nil
		case !strings.HasPrefix(arg, "-"):
			return arg, append(append([]string{}, args[:i]...), args[i+1:]...)
		}
	}
	return "", args
}

// parse reads flags wherever they stand and returns the other arguments.
func (c *command) parse(args []string) ([]string, error) {
	var words []string
	for {
		if err := c.flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				fmt.Fprint(c.Out, Usage)
				return nil, err
			}
			return nil, usagef("%v; “maquette --help” lists what there is", err)
		}
		if c.flags.NArg() == 0 {
			return words, nil
		}
		words = append(words, c.flags.Arg(0))
		args = c.flags.Args()[1:]
	}
}

// open parses the arguments and opens the studio.
func (c *command) open(args []string, want func(words []string) error) ([]string, error) {
	words, err := c.parse(args)
	if err != nil {
		return nil, err
	}
	if err := want(words); err != nil {
		return nil, err
	}
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	cfg.Patience, cfg.Tempo, cfg.SandboxPace = patience, c.Tempo, c.Pace
	c.studio, err = app.Open(cfg)
	return words, err
}

func (c *command) config() (app.Config, error) {
	if strings.HasPrefix(c.data, "-") {
		return app.Config{}, usagef("--data takes a folder, not %q", c.data)
	}
	dir := cmp.Or(c.data, c.Env("MAQUETTE_DATA"))
	if dir == "" {
		var err error
		if dir, err = storage.DataDir(); err != nil {
			return app.Config{}, err
		}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return app.Config{}, fmt.Errorf("finding the data directory: %w", err)
	}
	return app.Config{Dir: dir, Demo: c.demo, Env: c.Env}, nil
}

// close closes the studio; what goes wrong is said whatever else happened.
func (c *command) close(err *error) {
	if c.studio == nil {
		return
	}
	if closing := c.studio.Close(); closing != nil {
		fmt.Fprintln(c.Err, "maquette: closing:", closing)
		*err = cmp.Or(*err, error(exitError(ExitFailed)))
	}
}

// exactly wants so many words after the command.
func exactly(n int, usage string) func([]string) error {
	return func(words []string) error {
		if len(words) != n {
			return usagef("usage: maquette %s", usage)
		}
		return nil
	}
}

// signedQuery is the query of a web address inside of JSON. Whoever knows a
// signed one can read what it leads to, so none is printed.
var signedQuery = regexp.MustCompile(`(https?://[^"\\\s?]*)\?(?:\\u[0-9a-f]{4}|[^"\\\s])*`)

// encode writes one object on a line of its own, without addresses' queries.
func encode(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	return signedQuery.ReplaceAll(text.Bytes(), []byte("$1")), nil
}

func (c *command) printJSON(v any) error {
	text, err := encode(v)
	if err != nil {
		return err
	}
	_, err = c.Out.Write(text)
	return err
}

func (c *command) help(context.Context, []string) error {
	_, err := fmt.Fprint(c.Out, Usage)
	return err
}

func (c *command) window(_ context.Context, args []string) error {
	words, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		return usagef("usage: maquette [--demo] [--data DIR]")
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	return c.Window(cfg)
}

// repeated is a flag that may be given many times.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, ", ") }

func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

// settings reads --set k=v.
func (r repeated) settings() (map[string]any, error) {
	values := map[string]any{}
	for _, setting := range r {
		key, value, found := strings.Cut(setting, "=")
		if key = strings.TrimSpace(key); !found || key == "" {
			return nil, usagef("--set takes key=value, not %q", setting)
		}
		if _, twice := values[key]; twice {
			return nil, usagef("%s is set twice", key)
		}
		values[key] = value
	}
	return values, nil
}

// sayProblems prints why nothing was sent.
func (c *command) sayProblems(problems []providers.Problem) error {
	for _, p := range problems {
		fmt.Fprintln(c.Err, "maquette:", p.Error())
	}
	fmt.Fprintln(c.Err, "Nothing was sent.")
	return exitError(ExitInvalid)
}

// makeOut makes the folder for results before anything is paid for them.
func makeOut(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return usagef("--out: the folder can't be made: %v", err)
	}
	return nil
}
