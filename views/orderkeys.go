// Orders and keys: a form begins with a service that has one, and follows what is added.

package views

import (
	"context"
	"reflect"
	"slices"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
)

// first is the task that was used last, unless its service has no key and
// another's has: then the first of those.
func (o *orderPane) first() *providers.Task {
	last := o.studio.Settings.Now().LastTasks[o.tab]
	before := o.find(func(task *providers.Task) bool { return task.ID == last })
	if o.studio.Access.Presence(serviceOf(before.ID)) != access.KeyMissing {
		return before
	}
	at := slices.IndexFunc(o.tasks, func(task *providers.Task) bool {
		return o.studio.Access.Presence(serviceOf(task.ID)) == access.KeyPresent
	})
	if at < 0 {
		return before
	}
	return o.tasks[at]
}

// onKeys follows which services have a key, and whether there is a bucket. A
// form in which nothing was done begins again with a service that has one.
func (o *orderPane) onKeys() {
	if o.task == nil {
		return
	}
	titles := o.taskTitles()
	if !slices.Equal(titles, o.choice.Options) {
		o.choice.Options = titles
		o.choice.Selected = titles[slices.Index(o.tasks, o.task)]
		o.choice.Refresh()
	}
	if o.task == o.begun && reflect.DeepEqual(o.form.Raw(), o.untouched) && o.first() != o.task {
		o.begin()
	}
	values, _ := o.form.Values()
	o.notice.show(o.task, values)
}

// hasKey says before a job is made that its service has no key.
func (o *orderPane) hasKey(ctx context.Context, taskID string) error {
	where, err := o.studio.Access.KeyWhere(ctx, serviceOf(taskID))
	if err != nil || string(where) != "" {
		return nil //nolint:nilerr // a keyring that can't be read now is the job's own failure, which can be retried
	}
	return &providers.Failure{
		Kind: providers.BadKey, Money: providers.NotSpent, Remedy: providers.Remedy{Code: providers.OpenKeys},
		Message: providers.Say("There is no key for this service yet"),
		Advice:  providers.Say("Add your own key; it is kept in the system's keyring."),
	}
}
