// Examples of what a service's document says, as files, and the test that
// runs them.

package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

// Document says what a service's document has in common for all requests.
type Document struct {
	// Key is the header that holds the key, as "X-API-Key: {{key}}".
	Key string
	// Read and Paid name the examples whose requests are refused in every
	// documented way. Read is empty where the service has nothing to read.
	Read, Paid string
}

// Example is one documented operation made with given values: a file in a
// service's testdata/contract. In its texts {{server}} is the address of the
// server that answers, under whose /results/ any name is a picture without a
// key; {{picture}} is such a picture in base64; {{file NAME}} is the link to a
// file that the task hosted.
type Example struct {
	Name  string `json:"-"`               // the file's, without .json
	About string `json:"about,omitempty"` // where it comes from
	Offer string `json:"offer"`           // the task's or call's id

	Values   map[string]any   `json:"values,omitempty"`
	Photos   []ExamplePhoto   `json:"photos,omitempty"`
	Callback string           `json:"callback,omitempty"`
	Objects  map[string]int64 `json:"objects,omitempty"` // bytes by key: what is in the bucket

	Exchanges []Exchange `json:"exchanges"`

	Answer json.RawMessage            `json:"answer,omitempty"` // of a call; left out: the last exchange's
	Kept   []ExampleResult            `json:"kept,omitempty"`
	Models []providers.Model          `json:"models,omitempty"`
	Files  map[string]json.RawMessage `json:"files,omitempty"` // what the task hosts, by name
}

// Exchange is a request and its answer.
type Exchange struct {
	Request string          `json:"request"`        // method, path and query
	Body    json.RawMessage `json:"body,omitempty"` // left out: the request has none
	Paid    bool            `json:"paid,omitempty"`
	Status  int             `json:"status,omitempty"` // left out: 200
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// ExamplePhoto is a photo to train on: at a link, or else a test picture.
type ExamplePhoto struct {
	ID      string `json:"id"`
	URL     string `json:"url,omitempty"`
	Caption string `json:"caption,omitempty"`
}

// ExampleResult is a picture that is kept.
type ExampleResult struct {
	URL      string `json:"url"`
	RemoteID string `json:"remote_id,omitempty"`
	Prompt   string `json:"prompt,omitempty"`
	Model    string `json:"model,omitempty"`
	Seed     *int64 `json:"seed,omitempty"`
}

// Contract runs the calling package's examples (testdata/contract) and
// refusals (testdata/errors) of a service, puts the worst into every text of
// its answers, and checks that every task and call has an example.
func Contract(t *testing.T, service providers.Service, document Document) {
	t.Helper()
	examples, err := Examples("testdata/contract")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, example := range examples {
		shown[example.Offer] = true
		t.Run(example.Name, func(t *testing.T) {
			t.Parallel()
			newStage(t, service, document, example).check()
		})
	}
	for _, task := range service.Tasks {
		if !shown[task.ID] {
			t.Errorf("no file in testdata/contract shows the task %s", task.ID)
		}
	}
	for _, call := range service.Calls {
		if !shown[call.ID] {
			t.Errorf("no file in testdata/contract shows the call %s", call.ID)
		}
	}
	refuseAll(t, service, document, examples)
	poisonAll(t, service, document, examples)
}

// Examples reads a service's examples, in the order of their names.
func Examples(folder string) ([]Example, error) {
	var all []Example
	err := readEach(folder, func(name string, content []byte) error {
		example := Example{Name: name}
		all = append(all, example)
		return strict(content, &all[len(all)-1])
	})
	return all, err
}

// readEach gives what is in each .json file of a folder, which has some.
func readEach(folder string, take func(name string, content []byte) error) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no .json file in %s", folder)
	}
	slices.Sort(files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := take(strings.TrimSuffix(filepath.Base(file), ".json"), content); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// strict refuses members that mean nothing, such as misspelt ones.
func strict(content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
