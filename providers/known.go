package providers

import "time"

// Remote is a job that its service knows, as far as the service tells.
type Remote struct {
	Task   string    `json:"task"` // which task would have made it
	ID     string    `json:"id"`   // the service's own
	Title  string    `json:"title,omitempty"`
	Time   time.Time `json:"time,omitzero"` // when the service accepted it
	State  State     `json:"state"`
	Step   string    `json:"-"` // the task's paid step whose answer the id is
	Values Values    `json:"-"` // the task's values, as far as the service repeats them
}
