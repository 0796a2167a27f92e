// Jobs that were started elsewhere: listed, and imported.

package app

import (
	"context"
	"slices"

	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
)

// Unclaimed lists the jobs at a service that no job here owns, newest first.
func (s *Studio) Unclaimed(ctx context.Context, serviceID string) ([]providers.Remote, error) {
	service, ok := s.Services().Service(serviceID)
	if !ok {
		return nil, providers.Errorf("there is no service %s", serviceID)
	}
	conn, err := s.Access.Conn(ctx, service)
	if err != nil {
		return nil, err
	}
	return remote.Unclaimed(ctx, service, conn, claims{s.Jobs})
}

// Import makes a job of each of these unclaimed jobs, by the service's own ids.
// One that is claimed by now is left out: there are fewer jobs than ids by as
// many.
func (s *Studio) Import(ctx context.Context, serviceID string, ids []string) ([]jobs.Job, error) {
	unclaimed, err := s.Unclaimed(ctx, serviceID)
	if err != nil {
		return nil, err
	}
	var wanted []providers.Remote
	for _, id := range ids {
		if at := slices.IndexFunc(unclaimed, func(r providers.Remote) bool { return r.ID == id }); at >= 0 {
			wanted = append(wanted, unclaimed[at])
		}
	}
	return s.Jobs.Import(serviceID, wanted)
}

// claims is what jobs know, as the listing asks for it.
type claims struct{ jobs *jobs.Jobs }

// Claims is what is known now.
func (c claims) Claims(service string) (remote.Claimed, error) {
	known, err := c.jobs.Claims(service)
	return remote.Claimed(known), err
}
