// An order in other words: as the API request that it makes, for curl, and as
// the command line that makes it.

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// AsCurl is the order as the requests that it makes, each a curl command, which
// works when pasted into a POSIX shell in which the service's variable holds
// the key. Nothing is sent to the service; local pictures are put in the
// bucket, as for a job, or into a file beside the library, and removed two days
// later. The order may name a call of a service instead of a task.
func (s *Studio) AsCurl(ctx context.Context, order Order) (string, []providers.Problem, error) {
	c, problems, err := s.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	requests, known, err := s.rehearse(ctx, c)
	if err != nil {
		return "", nil, err
	}
	return curlScript(requests, known), nil, nil
}

// AsCommand is the order as a command line that works when pasted into a
// POSIX shell on this computer. Pictures are named by their content: Maquette
// has its own copy of each. The order may name a call of a service instead of
// a task.
func (s *Studio) AsCommand(ctx context.Context, order Order) (string, []providers.Problem, error) {
	c, problems, err := s.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	if c.reads { // a call holds its rules itself
		if _, _, err := s.rehearse(ctx, c); err != nil {
			return "", nil, err
		}
	}
	words := []string{"maquette"}
	if s.Demo() {
		words = append(words, "--demo")
	}
	if dir, err := storage.DataDir(); err != nil || dir != s.home {
		words = append(words, "--data", s.home)
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
	photos  []DatasetPhoto
	hosts   bool // pictures go to the bucket
	run     func(context.Context, *providers.Run) error
	// reads reports that reading is what it is for, so that reads are written
	// down too.
	reads bool
}

func (s *Studio) copied(ctx context.Context, order Order) (copying, []providers.Problem, error) {
	c, problems := s.copiedTask(order)
	if service, call, ok := registry.Call(order.Task); ok {
		c, problems = s.copiedCall(service, call, order.Values)
	}
	for key := range c.values {
		if strings.ContainsRune(c.values.Text(key), 0) {
			problems = append(problems, providers.Problem{Field: key, Message: "holds a character that no command line can carry"})
		}
	}
	if len(problems) > 0 {
		return copying{}, problems, nil
	}
	var err error
	c.values, problems, err = s.takeInImages(ctx, c.fields, c.values)
	return c, problems, err
}

func (s *Studio) copiedTask(order Order) (copying, []providers.Problem) {
	values, problems := s.Check(order)
	task, service, ok := s.Task(order.Task)
	if !ok {
		return copying{}, problems
	}
	return copying{
		verb: "run", title: task.Title, service: service, fields: task.Fields, values: values, photos: order.Photos,
		hosts: needsBucket(task, values), run: task.Run,
	}, problems
}

func (s *Studio) copiedCall(service *providers.Service, call *providers.Call, raw map[string]any) (copying, []providers.Problem) {
	values, problems := providers.Parse(call.Fields, raw)
	return copying{
		verb: "call", title: call.Title, service: service, fields: call.Fields, values: values, reads: true,
		run: func(ctx context.Context, run *providers.Run) error {
			inlined, problems, err := s.inlineImages(ctx, call.Fields, run.Values)
			if err != nil || len(problems) > 0 {
				return errors.Join(err, providers.Refusal(problems))
			}
			_, err = call.Do(ctx, run.Conn, inlined)
			return err
		},
	}, problems
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
			return "", fmt.Errorf("writing a list: %w", err)
		}
		return strings.TrimSpace(text.String()), nil
	}
	return fmt.Sprint(value), nil
}

// recalled is the photo that a content reference names, with the reference's
// own edit and without a caption: a reference says the same at any time.
func (s *Studio) recalled(ctx context.Context, ref string) (DatasetPhoto, error) {
	edit, err := editOf(ref)
	if err != nil {
		return DatasetPhoto{}, &photo.Rejected{Name: ref, Reason: "has an edit that can't be read"}
	}
	found, err := s.recalledOriginal(ctx, ref)
	if err != nil {
		return found, err
	}
	found.Edit, found.Caption = edit, ""
	return found, edit.check(found)
}

func (s *Studio) recalledOriginal(ctx context.Context, ref string) (DatasetPhoto, error) {
	hash, ext, ok := splitContent(ref)
	if !ok || !s.files.Has(hash, ext) {
		return DatasetPhoto{}, &photo.Rejected{Name: ref, Reason: "is not in the library"}
	}
	known := append(slices.Clone(s.Photos()), s.datasets.everyPhoto()...)
	for _, job := range s.Jobs() {
		known = append(known, job.Photos...)
	}
	for _, p := range known {
		if p.Hash == hash && p.Ext == ext {
			return p, nil
		}
	}
	taken, err := s.takeIn(ctx, s.files.Path(hash, ext))
	var unfit *photo.Rejected
	if errors.As(err, &unfit) {
		return taken, &photo.Rejected{Name: ref, Reason: unfit.Reason}
	}
	return taken, err
}
