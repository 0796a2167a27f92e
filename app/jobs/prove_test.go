package jobs_test

import (
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

func TestWhatCouldNotBeFetchedIsNotPaid(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir(), &fakeService{unproven: &providers.Failure{
		Kind: providers.NoNetwork, Outcome: providers.NotSent, Money: providers.NotSpent, Message: providers.Say("the proxy lets no results through"),
	}})
	job := r.ended(t, r.start(t).ID, providers.Failed)
	if r.service.paid() != 0 || job.Paid || job.Error == nil || job.Error.Money != providers.NotSpent {
		t.Errorf("%d requests, %+v", r.service.paid(), job.Error)
	}
}
