// Jobs that a service knows and this computer doesn't.

package remote

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
)

// inFlightSlack covers the clocks of this computer and the service: what the
// service accepted after a request of ours left, less this, may be that one.
const inFlightSlack = 2 * time.Minute

// Claims tell which of a service's jobs are known here. Whoever keeps the jobs
// implements it.
type Claims interface {
	// Claims is what is known now, as of one moment.
	Claims(service string) (Claimed, error)
}

// Claimed is what is known of a service's jobs.
type Claimed struct {
	Owned map[string]bool // ids of jobs that jobs here own
	Asked map[string]bool // ids that a person is asked about just now
	// Open is since when, by this computer's clock, a paid request is on its
	// way to the service or a person is asked what became of it; zero for
	// neither.
	Open time.Time
}

// Unclaimed lists the jobs at a service that no job here owns, newest first.
// What may be the outcome of a request that is just on its way, or that waits
// for a person's decision, is left out. A service without a list of its jobs
// is a *providers.Failure.
func Unclaimed(ctx context.Context, service *providers.Service, conn providers.Conn, claims Claims) ([]providers.Remote, error) {
	if service.Known == nil {
		return nil, &providers.Failure{
			Kind: providers.InvalidInput, Money: providers.NotSpent, Outcome: providers.NotSent,
			Message: providers.Say("%s offers no list of its jobs", service.Title),
		}
	}
	clock := &serviceClock{Transport: httpapi.NewTransport()}
	defer clock.CloseIdleConnections()
	conn.HTTP = &http.Client{Transport: clock}
	all, err := service.Known(ctx, conn)
	if err != nil {
		return nil, err
	}
	known, err := claims.Claims(service.ID)
	if err != nil {
		return nil, err
	}
	open := clock.at(known.Open).Add(-inFlightSlack)
	unclaimed := filter(all, func(job providers.Remote) bool {
		mayBeOurs := !known.Open.IsZero() && (job.Time.IsZero() || job.Time.After(open))
		return !known.Owned[job.ID] && !known.Asked[job.ID] && !mayBeOurs
	})
	slices.SortFunc(unclaimed, func(a, b providers.Remote) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return unclaimed, nil
}

// serviceClock is a transport that reads a service's clock in its answers.
type serviceClock struct {
	*network.Transport
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
