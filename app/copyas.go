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
	"github.com/maquette-studio/maquette/storage"
)

// argumentMost is how long a request's body may be as an argument, in bytes;
// Linux takes 128 KiB.
const argumentMost = 64 << 10

// AsCurl is the order as the requests that its task makes, each a curl command
// that works when pasted into a POSIX shell in which the service's variable
// holds the key. Nothing is sent to the service; local pictures are put in the
// bucket, as for a job, and removed when their links have ended.
func (s *Studio) AsCurl(ctx context.Context, order Order) (string, []providers.Problem, error) {
	task, service, values, problems, err := s.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	requests, err := s.rehearse(ctx, task, service, values, order.Photos)
	if err != nil {
		return "", nil, err
	}
	return curlScript(requests, service.KeyEnv), nil, nil
}

// AsCommand is the order as a command line that works when pasted into a
// POSIX shell on this computer. Pictures are named by their content: Maquette
// has its own copy of each.
func (s *Studio) AsCommand(ctx context.Context, order Order) (string, []providers.Problem, error) {
	task, _, values, problems, err := s.copied(ctx, order)
	if err != nil || len(problems) > 0 {
		return "", problems, err
	}
	words := []string{"maquette"}
	if s.Demo() {
		words = append(words, "--demo")
	}
	if dir, err := storage.DataDir(); err != nil || dir != s.home {
		words = append(words, "--data", s.home)
	}
	words = append(words, "run", task.ID)
	for _, field := range task.Fields {
		value, set := values[field.Key]
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
	}
	if order.Consent {
		words = append(words, "--consent")
	}
	for i := range words {
		words[i] = shellQuote(words[i])
	}
	return strings.Join(words, " "), nil, nil
}

// copied is the order as Start would keep it.
func (s *Studio) copied(ctx context.Context, order Order) (*providers.Task, *providers.Service, providers.Values, []providers.Problem, error) {
	values, problems := s.Check(order)
	if len(problems) > 0 {
		return nil, nil, nil, problems, nil
	}
	for key := range values {
		if strings.ContainsRune(values.Text(key), 0) {
			problems = append(problems, providers.Problem{Field: key, Message: "holds a character that no command line can carry"})
		}
	}
	if len(problems) > 0 {
		return nil, nil, nil, problems, nil
	}
	task, service, _ := s.Task(order.Task)
	values, problems, err := s.takeInImages(ctx, task.Fields, values)
	return task, service, values, problems, err
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

// plainWord are the characters that mean nothing to a shell.
const plainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,"

// shellQuote is a word that any POSIX shell reads back as it is.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, plainWord) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// shellQuoteWith is text in double quotes in which each mark is the variable's value.
func shellQuoteWith(text, mark, variable string) string {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`")
	parts := strings.Split(text, mark)
	for i := range parts {
		parts[i] = quote.Replace(parts[i])
	}
	return `"` + strings.Join(parts, "$"+variable) + `"`
}

// curlScript writes the requests as commands; equal ones that follow each
// other as a loop.
func curlScript(requests []recordedRequest, keyEnv string) string {
	var script strings.Builder
	for i := 0; i < len(requests); {
		times := 1
		for i+times < len(requests) && reflect.DeepEqual(requests[i], requests[i+times]) {
			times++
		}
		command := curlCommand(requests[i], keyEnv)
		if times > 1 {
			command = "i=0; while [ $i -lt " + strconv.Itoa(times) + " ]; do\n" + command + "\ni=$((i+1)); done"
		}
		script.WriteString(command + "\n")
		i += times
	}
	return script.String()
}

func curlCommand(r recordedRequest, keyEnv string) string {
	parts := []string{"curl -sS --globoff -X " + r.method + " " + shellQuote(r.url)}
	for _, h := range r.headers {
		text := h.name + ": " + h.value
		if strings.Contains(text, keyMark) {
			parts = append(parts, "-H "+shellQuoteWith(text, keyMark, keyEnv))
			continue
		}
		parts = append(parts, "-H "+shellQuote(text))
	}
	switch {
	case r.body == "":
	case len(r.body) <= argumentMost:
		parts = append(parts, "--data-raw "+shellQuote(r.body))
	default:
		parts = append(parts, "--data-binary @- <<'"+bodyEnd+"'\n"+r.body+"\n"+bodyEnd)
	}
	return strings.Join(parts, " \\\n  ")
}

// bodyEnd ends a long body; a JSON body is one line that is never this.
const bodyEnd = "END_OF_BODY"

// recalled is the photo that a content reference names: with the caption that
// a dataset or a job has for it, and the reference's own edit.
func (s *Studio) recalled(ctx context.Context, ref string) (DatasetPhoto, error) {
	edit, err := editOf(ref)
	if err != nil {
		return DatasetPhoto{}, &photo.Unfit{Name: ref, Reason: "has an edit that can't be read"}
	}
	found, err := s.recalledOriginal(ctx, ref)
	if err != nil {
		return found, err
	}
	found.Edit = edit
	return found, edit.check(found)
}

func (s *Studio) recalledOriginal(ctx context.Context, ref string) (DatasetPhoto, error) {
	hash, ext, ok := splitContent(ref)
	if !ok || !s.files.Has(hash, ext) {
		return DatasetPhoto{}, &photo.Unfit{Name: ref, Reason: "is not in the library"}
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
	var unfit *photo.Unfit
	if errors.As(err, &unfit) {
		return taken, &photo.Unfit{Name: ref, Reason: unfit.Reason}
	}
	return taken, err
}
