// Jobs that a service knows and nobody here has claimed.

package jobs

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// inFlightSlack covers the clocks of this computer and the service: what the
// service accepted after a request of ours left, less this, may be that one.
const inFlightSlack = 2 * time.Minute

// Unclaimed lists the jobs at a service that no job here owns, newest first.
// What may be the outcome of a request that is just on its way, or that waits
// for a person's decision, is left out.
func (j *Jobs) Unclaimed(ctx context.Context, serviceID string) ([]providers.Remote, error) {
	service, ok := j.cfg.Services.Service(serviceID)
	if !ok {
		return nil, fmt.Errorf("there is no service %s", serviceID)
	}
	if service.Known == nil {
		return nil, &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: service.Title + " offers no list of its jobs",
		}
	}
	conn, err := j.cfg.Conn(ctx, service)
	if err != nil {
		return nil, err
	}
	clock := &serviceClock{Transport: httpapi.NewTransport()}
	defer clock.CloseIdleConnections()
	conn.HTTP = &http.Client{Transport: clock}
	all, err := service.Known(ctx, conn)
	if err != nil {
		return nil, err
	}
	var unclaimed []providers.Remote
	err = j.cfg.DB.View(func(tx *storage.Tx) error {
		open, candidates, err := j.undecided(tx, serviceID)
		if err != nil {
			return err
		}
		for _, remote := range all {
			_, owned, err := claimTable.Get(tx, serviceID+"/"+remote.ID)
			if err != nil {
				return err
			}
			mayBeOurs := !open.IsZero() && (remote.Time.IsZero() || remote.Time.After(clock.at(open).Add(-inFlightSlack)))
			if !owned && !mayBeOurs && !candidates[remote.ID] {
				unclaimed = append(unclaimed, remote)
			}
		}
		return nil
	})
	if err != nil {
		return nil, failure.Storage("reading which jobs are known", err)
	}
	slices.SortFunc(unclaimed, func(a, b providers.Remote) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return unclaimed, nil
}

// undecided says since when, by this computer's clock, a paid request of ours
// is on its way to the service or a person is asked what became of it, zero for
// neither, and which of the service's jobs a person is asked about.
func (j *Jobs) undecided(tx *storage.Tx, serviceID string) (open time.Time, candidates map[string]bool, err error) {
	candidates = map[string]bool{}
	for _, job := range j.list() {
		if _, service, ok := j.cfg.Services.Task(job.Task); !ok || service.ID != serviceID {
			continue
		}
		if job.Ask != nil {
			for _, c := range job.Ask.Candidates {
				candidates[c.ID] = true
			}
		}
		if job.State.Ended() && job.State != providers.NeedsYou {
			continue
		}
		err = stepTable.Each(tx, job.ID+"/", func(_ string, rec stepRecord) error {
			if rec.Paid && !rec.Done && (open.IsZero() || rec.Sent.Before(open)) {
				open = rec.Sent
			}
			return nil
		})
		if err != nil {
			return open, candidates, err
		}
	}
	return open, candidates, nil
}

// serviceClock is a transport that reads a service's clock in its answers.
type serviceClock struct {
	*http.Transport
	ahead atomic.Int64 // of this computer's clock, in nanoseconds
}

// RoundTrip makes a request and notes the time of its answer.
func (c *serviceClock) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil && response.Header.Get("Age") == "" {
		c.ahead.Store(int64(time.Until(date)))
	}
	return response, nil
}

// at is a time of this computer's clock by the service's.
func (c *serviceClock) at(here time.Time) time.Time { return here.Add(time.Duration(c.ahead.Load())) }
