// The JSON that Luma answers with, as far as Maquette reads it.

package luma

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

// generation is one image or video at Luma. What it is stands under either
// key, at the top or in the request.
type generation struct {
	ID             string         `json:"id"`
	Type           string         `json:"type"`
	GenerationType string         `json:"generation_type"`
	State          string         `json:"state"` // queued, dreaming, completed, failed
	FailureReason  string         `json:"failure_reason"`
	CreatedAt      string         `json:"created_at"`
	Assets         assets         `json:"assets"`
	Model          string         `json:"model"`
	Request        map[string]any `json:"request"`
}

// assets may be null before completion. A video's image is its thumbnail.
type assets struct {
	Image string `json:"image"`
	Video string `json:"video"`
}

// Check asks for what every generation must have.
func (g *generation) Check() error {
	if g.ID == "" {
		return providers.Errorf("the answer has no generation id")
	}
	return nil
}

// is compares the state without regard to case.
func (g *generation) is(states ...string) bool {
	for _, state := range states {
		if strings.EqualFold(g.State, state) {
			return true
		}
	}
	return false
}

// created is when Luma accepted the request; zero when it doesn't say.
func (g *generation) created() time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"} {
		if at, err := time.Parse(layout, g.CreatedAt); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// asked returns a text of the request as Luma repeats it.
func (g *generation) asked(key string) string {
	text, _ := g.Request[key].(string)
	return text
}

// page is a part of the list of generations. Each is kept as it came, so that
// one that can't be read doesn't hide the others.
type page struct {
	HasMore     *bool             `json:"has_more"`
	Generations []json.RawMessage `json:"generations"`
}

// Check tells an empty list from an answer that is no list.
func (p *page) Check() error {
	if p.Generations == nil {
		return providers.Errorf("the answer has no list of generations")
	}
	return nil
}

// balance is what the account holds.
type balance struct {
	Cents *float64 `json:"credit_balance"` // US cents, may be fractional
	USD   float64  `json:"usd"`
}

// Check asks for the balance itself.
func (b *balance) Check() error {
	if b.Cents == nil {
		return providers.Errorf("the answer has no balance")
	}
	return nil
}
