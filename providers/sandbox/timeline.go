// When a job is queued, runs and is done: read off the clock, so that a restart changes nothing.

package sandbox

import (
	"hash/fnv"
	"time"
)

type phase int

const (
	queued phase = iota
	running
	finished
)

// timeline holds the moments of one job. It is stored with the job.
type timeline struct {
	Created time.Time     `json:"created"`
	Queued  time.Duration `json:"queued"`
	Running time.Duration `json:"running"`
	// Ready is when the job's inputs had been fetched; the job runs on until they are.
	Ready time.Time `json:"ready,omitzero"`
	// Failure is why the job fails once its time is over; empty when it succeeds.
	Failure string `json:"failure,omitempty"`
}

// newTimeline plans half a second in the queue and one to three seconds of work, times pace.
func newTimeline(id string, now time.Time, pace float64) timeline {
	h := fnv.New32a()
	h.Write([]byte(id))
	work := time.Second + time.Duration(h.Sum32()%2000)*time.Millisecond
	stretch := func(d time.Duration) time.Duration { return time.Duration(float64(d) * pace) }
	return timeline{Created: now, Queued: stretch(500 * time.Millisecond), Running: stretch(work)}
}

func (t timeline) starts() time.Time { return t.Created.Add(t.Queued) }

// ends is when the job finishes; only meaningful once its inputs are ready.
func (t timeline) ends() time.Time {
	end := t.starts().Add(t.Running)
	if t.Ready.After(end) {
		return t.Ready
	}
	return end
}

func (t timeline) phase(now time.Time) phase {
	switch {
	case now.Before(t.starts()):
		return queued
	case t.Ready.IsZero() || now.Before(t.ends()):
		return running
	default:
		return finished
	}
}

// percent is 0 in the queue, at most 99 while running, and 100 when done.
func (t timeline) percent(now time.Time) int {
	switch t.phase(now) {
	case queued:
		return 0
	case finished:
		return 100
	}
	return min(99, int(100*now.Sub(t.starts())/max(t.Running, 1)))
}
