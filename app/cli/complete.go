// Shell completion. It reads the declarations only: no data directory is
// opened and no service asked.

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

// completion prints the script for a shell.
func (c *command) completion(_ context.Context, args []string) error {
	root := c.build(false)
	switch args[0] {
	case "zsh":
		return root.GenZshCompletion(c.Out)
	case "fish":
		return root.GenFishCompletion(c.Out, true)
	}
	return root.GenBashCompletionV2(c.Out, true)
}

// completeArgs offers what can stand at a command's next argument.
func (c *command) completeArgs(d declaration) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if _, most := d.arity(); len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return c.complete(d.argument(len(args)), args, typed)
	}
}

// completeFlag makes a flag's value complete.
func (c *command) completeFlag(cmd *cobra.Command, f flag) {
	if f.takes == "" {
		return
	}
	// It fails only for a flag that cmd doesn't have.
	_ = cmd.RegisterFlagCompletionFunc(f.name, func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		return c.complete(f.takes, args, typed)
	})
}

// complete offers what an argument or a flag's value can be, by what it is
// called in the tables.
func (c *command) complete(what string, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var offers []string
	switch what {
	case "F", "PATH":
		return nil, cobra.ShellCompDirectiveDefault
	case "DIR", "FOLDER":
		return nil, cobra.ShellCompDirectiveFilterDirs
	case "k=v":
		return c.completeSetting(fieldsOf(args), typed)
	case "TASK", "SERVICE/CALL", "SERVICE":
		offers = declared(what)
	case "COMMAND":
		offers = nextWords(strings.Join(args, " "))
	default:
		offers = choicesOf(what)
	}
	return startingWith(offers, typed), cobra.ShellCompDirectiveNoFileComp
}

// declared are the ids of all services, tasks or calls, with their titles.
func declared(what string) []string {
	var ids []string
	for _, service := range registry.All() {
		switch what {
		case "SERVICE":
			ids = append(ids, cobra.CompletionWithDesc(service.ID, service.Title))
		case "TASK":
			for _, task := range service.Tasks {
				ids = append(ids, cobra.CompletionWithDesc(task.ID, task.Title))
			}
		default:
			for _, call := range service.Calls {
				ids = append(ids, cobra.CompletionWithDesc(call.ID, call.Title))
			}
		}
	}
	return ids
}

// nextWords are the words that can follow those of a command's name.
func nextWords(name string) []string {
	d := declaration{name: name}
	var words []string
	for _, member := range d.members() {
		_, word := splitName(member.name)
		words = append(words, cobra.CompletionWithDesc(word, member.does))
	}
	return words
}

// completeSetting offers the fields that aren't set yet and, behind the equals
// sign, a field's choices.
func (c *command) completeSetting(fields []providers.Field, typed string) ([]string, cobra.ShellCompDirective) {
	var offers []string
	key, _, withValue := strings.Cut(typed, "=")
	for _, f := range fields {
		switch {
		case withValue && f.Key == key:
			for _, value := range valuesOf(f) {
				offers = append(offers, key+"="+value)
			}
		case !withValue && !slices.ContainsFunc(c.sets, func(set string) bool { return strings.HasPrefix(set, f.Key+"=") }):
			offers = append(offers, cobra.CompletionWithDesc(f.Key+"=", f.Label))
		}
	}
	directive := cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if !withValue {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	return startingWith(offers, typed), directive
}

// valuesOf are the values that a field is known to take.
func valuesOf(f providers.Field) []string {
	if f.Kind == providers.Bool {
		return []string{"true", "false"}
	}
	values := make([]string, len(f.Options))
	for i, option := range f.Options {
		values[i] = option.Value
	}
	return values
}

func startingWith(offers []string, typed string) []string {
	return slices.DeleteFunc(offers, func(offer string) bool { return !strings.HasPrefix(offer, typed) })
}
