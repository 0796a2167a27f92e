// Package recorder writes an order down in other words: as the API requests
// that it makes, for curl, and as the command line that makes it. Nothing is
// sent to a service but what is only read.
package recorder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Recorder writes orders down.
type Recorder struct {
	// Services are those whose tasks and calls can be written down.
	Services providers.Services
	// Conn is the way to a service, with its key.
	Conn func(ctx context.Context, service *providers.Service) (providers.Conn, error)
	// Check says everything that keeps an order from being sent.
	Check func(jobs.Order) (providers.Values, []providers.Problem)
	// Consented puts the order's statement of consent on disk.
	Consented func(ctx context.Context, order jobs.Order, conn providers.Conn) error
	Photos    Photos
	Place     Place
	Troubles  jobs.Troubles
	Dir       string // where bodies lie that are too long for a command
	// Home and Demo are the data directory as it was given, and whether the
	// demo's in it is used: the command names them.
	Home string
	Demo bool
}

// Photos makes what leaves of photos and of the pictures in image fields.
type Photos interface {
	jobs.Photos
	// Inline puts prepared copies, as data: URLs, in the place of pictures of
	// this computer.
	Inline(ctx context.Context, fields []providers.Field, values providers.Values) (providers.Values, []providers.Problem, error)
}

// Place is where services fetch photos from.
type Place interface {
	Ready(ctx context.Context) error
	// Lend puts up a copy that no job needs and returns a link to it; both go
	// after two days.
	Lend(ctx context.Context, step, ext string, content []byte) (link string, err error)
}

// AsCurl is the order as the requests that it makes, each a curl command, which
// works when pasted into a POSIX shell in which the service's variable holds
// the key. Nothing is sent to the service; local pictures are put in the
// bucket, as for a job, or into a file beside the library, and removed two days
// later. The order may name a call of a service instead of a task.
func (r *Recorder) AsCurl(ctx context.Context, order jobs.Order) (string, []providers.Problem, error) {
	c, problems, err := r.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	requests, known, err := r.record(ctx, c)
	if err != nil {
		return "", nil, err
	}
	if c.person {
		if err := r.consented(ctx, c.service, order); err != nil {
			return "", nil, err
		}
	}
	return curlScript(requests, known), nil, nil
}

// consented records the consent before the requests are handed over: whoever has
// them can send them.
func (r *Recorder) consented(ctx context.Context, service *providers.Service, order jobs.Order) error {
	conn, err := r.Conn(ctx, service)
	var f *providers.Failure
	if err != nil && (!errors.As(err, &f) || f.Kind != providers.BadKey) {
		return err
	}
	return r.Consented(ctx, order, conn)
}

// AsCommand is the order as a command line that works when pasted into a
// POSIX shell on this computer. Pictures are named by their content: Maquette
// has its own copy of each. The order may name a call of a service instead of
// a task.
func (r *Recorder) AsCommand(ctx context.Context, order jobs.Order) (string, []providers.Problem, error) {
	c, problems, err := r.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	if c.reads { // a call holds its rules itself
		if _, _, err := r.record(ctx, c); err != nil {
			return "", nil, err
		}
	}
	words := []string{"maquette"}
	if r.Demo {
		words = append(words, "--demo")
	}
	if dir, err := storage.DataDir(); err != nil || dir != r.Home {
		words = append(words, "--data", r.Home)
	}
	words = append(words, c.verb, order.Task)
	for _, field := range c.fields {
		value, set := c.values[field.Key]
		if !set || reflect.DeepEqual(value, field.Default) {
			continue
		}
		text, err := settingText(value)
		if err != nil {
			return "", nil, err
		}
		words = append(words, "--set", field.Key+"="+text)
	}
	for _, p := range order.Photos {
		words = append(words, "--photo", p.EditedRef())
		if p.Caption != "" {
			words = append(words, "--caption", p.Caption)
		}
	}
	if order.Consent {
		words = append(words, "--consent")
	}
	for i := range words {
		words[i] = shellQuote(words[i])
	}
	return strings.Join(words, " "), nil, nil
}

// copying is an order that is to be written down.
type copying struct {
	verb    string // of Maquette's command line
	title   string
	service *providers.Service
	fields  []providers.Field
	values  providers.Values // as Start would keep them
	photos  []photo.Photo
	hosts   func(providers.Values) bool // whether pictures go to the place for photos; nil: none do
	person  bool                        // it takes a statement of consent
	run     func(context.Context, *providers.Run) error
	// reads reports that reading is what it is for, so that reads are written
	// down too.
	reads bool
}

func (r *Recorder) copied(ctx context.Context, order jobs.Order) (copying, []providers.Problem, error) {
	c, problems := r.copiedTask(order)
	if call, service, ok := r.Services.Call(order.Task); ok {
		c, problems = r.copiedCall(service, call, order)
	}
	for key := range c.values {
		if strings.ContainsRune(c.values.Text(key), 0) {
			problems = append(problems, providers.Problem{Field: key, Message: providers.Say("holds a character that no command line can carry")})
		}
	}
	if len(problems) > 0 {
		return copying{}, problems, nil
	}
	var err error
	c.values, problems, err = r.Photos.Images(ctx, c.fields, c.values)
	return c, problems, err
}

func (r *Recorder) copiedTask(order jobs.Order) (copying, []providers.Problem) {
	values, problems := r.Check(order)
	task, service, ok := r.Services.Task(order.Task)
	if !ok {
		return copying{}, problems
	}
	return copying{
		verb: "run", title: task.Title, service: service, fields: task.Fields, values: values, photos: order.Photos,
		hosts: func(values providers.Values) bool { return jobs.NeedsPlace(task, values, r.Photos.Hosted) }, person: jobs.NeedsConsent(task, values), run: task.Run,
	}, problems
}

func (r *Recorder) copiedCall(service *providers.Service, call *providers.Call, order jobs.Order) (copying, []providers.Problem) {
	values, problems := providers.OwnIDs(service.ID, r.Services, call.Fields, order.Values)
	problems = append(problems, order.Invalid...)
	return copying{
		verb: "call", title: call.Title, service: service, fields: call.Fields, values: values, reads: true, person: call.Person,
		run: func(ctx context.Context, run *providers.Run) error {
			inlined, problems, err := r.Photos.Inline(ctx, call.Fields, run.Values)
			if err != nil || len(problems) > 0 {
				return errors.Join(err, providers.Refusal(problems))
			}
			_, err = call.Do(ctx, run.Conn, inlined)
			return err
		},
	}, append(problems, consent.Check(call.Person, order.Agreed())...)
}

// settingText is a value as --set takes it.
func settingText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case []providers.Values, providers.Values:
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return "", providers.Errorf("writing a list: %v", err)
		}
		return strings.TrimSpace(text.String()), nil
	}
	return fmt.Sprint(value), nil
}
