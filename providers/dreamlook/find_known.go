// The jobs that the account has, whoever started them.

package dreamlook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// known lists the most recent jobs of each kind; those that have nothing to
// import are left out.
func known(ctx context.Context, conn providers.Conn) ([]providers.Remote, error) {
	c := connect(conn)
	var all []providers.Remote
	for task, kind := range map[string]jobType{
		"dreamlook/dreambooth": dreambooth, "dreamlook/image_gen": imageGen, "dreamlook/dreambooth_image_gen": both,
	} {
		jobs, _, err := c.jobs(ctx, kind)
		if err != nil && !notFound(err) {
			return nil, err
		}
		for _, j := range jobs {
			if j.ID == "" || j.nothingLeft() {
				continue
			}
			told := receipt(j)
			all = append(all, providers.Remote{
				Task: task, ID: j.ID, Title: told.Title, Time: told.Time, State: stateOf(j), Step: "create", Values: valuesOf(kind, j.Config),
			})
		}
	}
	return all, nil
}

func stateOf(j job) providers.State {
	switch j.state() {
	case stateQueued:
		return providers.Waiting
	case stateSuccess:
		return providers.Done
	case stateFailure:
		return providers.Failed
	}
	return providers.Running
}

// valuesOf reads a job's configuration back into the values of its task's
// form. What was meant for that one request, such as where it calls back to, is
// left out: the same values are used again.
func valuesOf(kind jobType, started config) providers.Values {
	values := providers.Values{}
	take := func(from map[string]any, fields []providers.Field) {
		for _, field := range fields {
			switch got := from[field.Key].(type) {
			case string, float64, bool:
				values[field.Key] = got
			case []any:
				if field.Key == "save_checkpoints_at" {
					values[field.Key] = strings.Trim(strings.ReplaceAll(fmt.Sprint(got), " ", ", "), "[]")
				}
			}
		}
	}
	if kind.trains {
		take(started.training(), trainingFields())
	}
	if !kind.trains {
		take(started, slices.Concat(modelFields(), pictureFields()))
		return values
	}
	if list, ok := started["image_gen"].([]any); ok && kind.generates {
		var pictures []any
		for _, item := range list {
			if one, ok := item.(map[string]any); ok {
				pictures = append(pictures, offered(one))
			}
		}
		values["image_gen"] = pictures
	}
	return values
}

// offered leaves out what the form doesn't offer.
func offered(one map[string]any) map[string]any {
	out := map[string]any{}
	for _, field := range pictureFields() {
		if got, ok := one[field.Key]; ok && got != nil {
			out[field.Key] = got
		}
	}
	return out
}
