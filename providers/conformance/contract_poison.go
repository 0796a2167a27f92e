// A service that puts what it likes into the texts of its answers.

package conformance

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/bounds"
)

const (
	// mostSaid bounds what of a service's words may be told to a person, bytes.
	mostSaid = 4 << 10
	// mostKept bounds what may be kept of one text of an answer, bytes.
	mostKept = 80 << 10
	// patienceRequests is how many requests more than its example has a poisoned
	// operation may make before it is stopped: it may wait for what never comes.
	patienceRequests = 8
	poisonedPatience = time.Second
)

// poison is a text that repeats secrets, renames a terminal's window, colours
// what follows, turns its direction, is no UTF-8, and is longer than any that is
// meant.
var poison = "said " + probeKey + " " + probeSecret + " \x1b]0;owned\x07\u009b31m\u202etxt.exe\x00\r" + notText +
	" https://here.example/x?X-Amz-Signature=hidden " + strings.Repeat("and so on ", 16<<10)

const (
	// probeSecret is another secret of ours than the key.
	probeSecret = "probe-secret/of+the=bucket"
	// notText stands in an answer for bytes that are no UTF-8.
	notText = "NOT-TEXT"
	// longest is how long the poison is in one answer of each operation, bytes;
	// an answer of a little more is read.
	longest = 5 << 20
)

// poisoned is an answer with the poison where the path leads, as long as is
// said.
func poisoned(answer any, leaf string, length int) []byte {
	text := poison
	if length > len(text) {
		text += strings.Repeat("x", length-len(text))
	}
	return bytes.ReplaceAll(encode(replaced(answer, "", leaf, text)), []byte(notText), []byte("\xff\xfe\xed\xa0\x80"))
}

// poisonAll puts the poison in the place of each text of each answer, one at a
// time, and looks at everything that comes of it.
func poisonAll(t *testing.T, service providers.Service, document Document, examples []Example) {
	t.Helper()
	seen := map[string]bool{}
	long := map[string]bool{}
	for _, example := range examples {
		for at, exchange := range example.Exchanges {
			answer := decode(t, example.Name, exchange.Answer)
			for _, leaf := range leaves(answer, "") {
				name := example.Offer + " " + strings.ToLower(exchange.Request[:strings.IndexByte(exchange.Request, ' ')]) + leaf
				if seen[name] {
					continue
				}
				seen[name] = true
				length := 0
				if !long[example.Offer] {
					length, long[example.Offer] = longest, true
				}
				t.Run("poison/"+name, func(t *testing.T) {
					t.Parallel()
					bad := example
					bad.Exchanges = slices.Clone(example.Exchanges)
					bad.Exchanges[at].Answer = poisoned(answer, leaf, length)
					newPoisonedStage(t, service, document, bad).look()
				})
			}
		}
	}
}

// leaves are the paths of all texts in a JSON value; the items of a list share
// theirs.
func leaves(value any, path string) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{path}
	case []any:
		for _, item := range value {
			all = append(all, leaves(item, path+".*")...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			all = append(all, leaves(value[name], path+"."+name)...)
		}
	}
	return all
}

// replaced is the value with the text where the path leads.
func replaced(value any, path, leaf, text string) any {
	switch value := value.(type) {
	case string:
		if path == leaf {
			return text
		}
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = replaced(item, path+".*", leaf, text)
		}
		return items
	case map[string]any:
		object := map[string]any{}
		for name, member := range value {
			object[name] = replaced(member, path+"."+name, leaf, text)
		}
		return object
	}
	return value
}

// poisonedStage answers an example's requests in turn, whatever they are, and
// the last answer ever again.
type poisonedStage struct{ *stage }

func newPoisonedStage(t *testing.T, service providers.Service, document Document, example Example) poisonedStage {
	p := poisonedStage{}
	p.stage = newStageServed(t, service, document, example, func(s *stage) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { poisonedStage{s}.serve(w, r) })
	})
	return p
}

func (p poisonedStage) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, resultsPath) {
		p.serveResult(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.example.Exchanges[min(p.next, len(p.example.Exchanges)-1)]
	p.next++
	if p.next > len(p.example.Exchanges)+patienceRequests {
		p.end()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(max(due.Status, http.StatusOK))
	_, _ = io.WriteString(w, p.expand(due.Answer))
}

// look makes the operation and looks at all that it returns, reports and keeps.
func (p poisonedStage) look() {
	p.t.Helper()
	stop := time.AfterFunc(poisonedPatience, p.end) // it may wait for what never comes without asking
	defer stop.Stop()
	answer, err := p.perform(p.steps)
	var failure *providers.Failure
	if errors.As(err, &failure) {
		p.isFit("the failure", failure.Message.String(), failure.Advice.String(), failure.Service, failure.Field)
	}
	if err != nil {
		p.isFit("the error", err.Error())
	}
	for _, status := range p.steps.Statuses() {
		p.isFit("what is reported", status.Note.String())
	}
	for what, kept := range map[string]any{
		"the answer": answer, "the failure": failure, "what is kept": p.keptTexts(), "the models": p.steps.Models(), "the receipts": p.steps.Receipts(),
	} {
		for _, text := range texts(decode(p.t, what, encode(kept))) {
			if holdsSecret(text) || strings.ContainsFunc(text, providers.Unprintable) || len(text) > mostKept {
				p.t.Errorf("%s holds a secret, what can't be shown, or %d bytes: %.200q", what, len(text), text)
			}
		}
	}
}

func (p poisonedStage) keptTexts() (all []providers.Result) {
	for _, k := range p.steps.Kept() {
		all = append(all, providers.Result{URL: k.Result.URL, RemoteID: k.Result.RemoteID, Prompt: k.Result.Prompt, Model: k.Result.Model})
	}
	return all
}

// isFit fails the test unless texts can be shown to a person as they are.
func (p poisonedStage) isFit(what string, shown ...string) {
	p.t.Helper()
	for _, text := range shown {
		if holdsSecret(text) || strings.Contains(text, "Signature=hidden") || strings.ContainsFunc(text, providers.Unprintable) || len(text) > mostSaid {
			p.t.Errorf("%s says, in %d bytes, %.400q", what, len(text), text)
		}
	}
}

func holdsSecret(text string) bool {
	return strings.Contains(text, probeKey) || strings.Contains(text, probeSecret)
}

// FuzzAnswers puts any bytes in the place of any answer of a service, and looks
// at everything that comes of it. Each input is held to a bound.
func FuzzAnswers(f *testing.F, service providers.Service, document Document) {
	f.Helper()
	examples, err := Examples("testdata/contract")
	if err != nil {
		f.Fatal(err)
	}
	for i, example := range examples {
		for j, exchange := range example.Exchanges {
			f.Add(uint8(i), uint8(j), uint16(max(exchange.Status, http.StatusOK)), []byte(exchange.Answer))
		}
	}
	f.Fuzz(func(t *testing.T, i, j uint8, status uint16, answer []byte) {
		bad := examples[int(i)%len(examples)]
		bad.Exchanges = slices.Clone(bad.Exchanges)
		at := int(j) % len(bad.Exchanges)
		bad.Exchanges[at].Answer, bad.Exchanges[at].Status = answer, http.StatusOK+int(status)%400
		bounds.Hold(t, bounds.Picture, newPoisonedStage(t, service, document, bad).look)
	})
}

// texts are all texts in a JSON value.
func texts(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, item := range value {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		for name, member := range value {
			all = append(append(all, name), texts(member)...)
		}
	}
	return all
}
