// From the tables to a command line that is read: cobra reads it.

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// On Windows cobra would refuse to run what was started with a double click,
// which is how the window is opened.
func init() { cobra.MousetrapHelpText = "" }

// execute reads the arguments and runs the command that they name.
func (c *command) execute(ctx context.Context, args []string) error {
	completing := len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
	if !completing {
		var err error
		if args, err = inOrder(args); err != nil {
			return err
		}
	}
	root := c.build(completing)
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// build makes cobra's commands of the table.
func (c *command) build(completing bool) *cobra.Command {
	var root *cobra.Command
	groups := map[string]*cobra.Command{}
	for _, d := range commands() {
		built := c.buildOne(d, completing)
		group, _ := splitName(d.name)
		switch d.name {
		case "":
			root = built
		case "help":
			root.SetHelpCommand(built)
		default:
			groups[group].AddCommand(built)
		}
		groups[d.name] = built
	}
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.SetFlagErrorFunc(flagError)
	for _, f := range everywhere() {
		f.add(root.PersistentFlags(), &c.values)
		if completing {
			c.completeFlag(root, f)
		}
	}
	return root
}

func (c *command) buildOne(d declaration, completing bool) *cobra.Command {
	_, word := splitName(d.name)
	built := &cobra.Command{
		Use: word, Short: d.does, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := d.accept(cmd.Flags(), args); err != nil {
				return err
			}
			if c.guest != nil && d.reach == nowhere {
				return usagef("this command needs no data directory: nobody else can carry it out")
			}
			c.declared = d
			defer c.close(&err)
			return d.run(c, cmd.Context(), args)
		},
	}
	if d.name == "" {
		built.Use = "maquette"
	}
	built.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(c.Out, d.help(cmd.Flags().Args())) })
	for _, f := range d.flags {
		f.add(built.Flags(), &c.values)
		if completing {
			c.completeFlag(built, f)
		}
	}
	if completing {
		built.ValidArgsFunction = c.completeArgs(d)
	}
	return built
}

// splitName splits "jobs resolve" into its group and its last word; the group
// of a word alone is "".
func splitName(name string) (group, word string) {
	if at := strings.LastIndexByte(name, ' '); at >= 0 {
		return name[:at], name[at+1:]
	}
	return "", name
}

// inOrder moves the words that name a command to the front: flags may stand
// anywhere, also before and between them. Every flag gets its two dashes.
func inOrder(args []string) ([]string, error) {
	takesValue := map[string]bool{"help": false}
	for _, d := range commands() {
		for _, f := range slices.Concat(everywhere(), d.flags) {
			takesValue[f.name] = f.takes != ""
		}
	}
	var name string
	var rest []string
	paths := false // they are files and folders, for the window
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			rest = append(rest, args[i:]...)
			break
		}
		if arg == "-h" {
			arg = "--help"
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			longer := strings.TrimSpace(name + " " + arg)
			if _, known := find(longer); known && longer != name && !paths {
				name = longer
			} else if paths = paths || name == "" && isPath(arg); name == "" && !paths {
				return nil, usagef("there is no command %q; “maquette --help” lists them", arg)
			} else {
				rest = append(rest, arg)
			}
			continue
		}
		long := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		flagName, _, withValue := strings.Cut(long, "=")
		takes, known := takesValue[flagName]
		if !known {
			return nil, unknownFlag(strings.TrimSpace("maquette "+name), flagName)
		}
		rest = append(rest, "--"+long)
		if takes && !withValue && i+1 < len(args) {
			i++
			rest = append(rest, args[i])
		}
	}
	return append(strings.Fields(name), rest...), nil // never nil, for which cobra would take the process's own arguments
}

func unknownFlag(command, name string) error {
	return usagef("“%s” has no flag --%s; “%s --help” lists those that it has", command, name, command)
}

// flagError says in our words what cobra found wrong with a flag. What a flag
// was given isn't repeated.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd.CommandPath(), unknown.GetSpecifiedName())
	case errors.As(err, &noValue):
		return usagef("--%s needs a value; “%s --help” explains it", noValue.GetSpecifiedName(), cmd.CommandPath())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return usagef("--%s is on or off: it takes no value but true and false", invalid.GetFlag().Name)
	case errors.As(err, &invalid):
		return usagef("--%s %v", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return usagef("%v; “%s --help” explains the command", err, cmd.CommandPath())
}

// accept tells whether the command can be run with these flags and arguments.
func (d declaration) accept(set *pflag.FlagSet, args []string) error {
	for _, f := range d.flags {
		given := set.Lookup(f.name)
		if f.needs && !given.Changed {
			return d.wrongUsage()
		}
		choices := choicesOf(f.takes)
		if value := given.Value.String(); given.Changed && len(choices) > 0 && !slices.Contains(choices, value) {
			return usagef("--%s takes %s, not %q", f.name, strings.Join(choices, " or "), value)
		}
	}
	least, most := d.arity()
	if d.run == nil || len(args) < least || len(args) > most {
		return d.wrongUsage()
	}
	for i, arg := range args {
		if choices := choicesOf(d.argument(i)); len(choices) > 0 && !slices.Contains(choices, arg) {
			return d.wrongUsage()
		}
	}
	return nil
}

func (d declaration) wrongUsage() error {
	return usagef("usage: %s\n  “%s --help” explains it.", d.usage(), strings.TrimSpace("maquette "+d.name))
}

// arity is how many arguments the command takes at least and at most.
func (d declaration) arity() (least, most int) {
	for _, word := range strings.Fields(d.args) {
		if !strings.HasPrefix(word, "[") {
			least++
		}
		most++
		if strings.Contains(word, "...") {
			most = 1 << 16
		}
	}
	return least, most
}

// argument is what the command's argument at a place is, such as "ID".
func (d declaration) argument(place int) string {
	words := strings.Fields(d.args)
	if len(words) == 0 {
		return ""
	}
	return strings.Trim(words[min(place, len(words)-1)], "[].")
}

// choicesOf are the words of "curl|command", none for what isn't a choice.
func choicesOf(takes string) []string {
	if !strings.Contains(takes, "|") {
		return nil
	}
	return strings.Split(takes, "|")
}
