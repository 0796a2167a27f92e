// The JSON that LucyDream answers with, as far as Maquette reads it.

package lucydream

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// tune is an accepted training. Only what names it must be read well: an
// answer that can't be used costs the person the id.
type tune struct {
	ID      tuneID `json:"tune_id"`
	Success any    `json:"success"`
}

// Check asks for the id and that nothing speaks against it. Whether a model is
// being made without them is not known: the document says of success only what
// true means.
func (t *tune) Check() error {
	switch t.Success {
	case false, "false", "0", float64(0):
		return providers.Errorf("it does not call the training a success")
	}
	if t.ID == "" {
		return providers.Errorf("the answer has no tune_id")
	}
	return nil
}

// tuneID is documented as text; a number is taken by its digits.
type tuneID string

// UnmarshalJSON reads a text or a number.
func (id *tuneID) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*id = tuneID(strings.TrimSpace(text))
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(bytes.TrimSpace(data), &number); err != nil {
		return err
	}
	*id = tuneID(number)
	return nil
}
