// Which of a service's jobs are known here.

package jobs

import (
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// claim says which job owns a request at the service.
type claim struct {
	Job      string `json:"job"`
	Step     string `json:"step"`
	Imported bool   `json:"brought_in,omitempty"`
}

var claimTable = storage.NewTable[claim]("claims")

// Claims is what is known of a service's jobs at one moment.
type Claims struct {
	Owned map[string]bool // ids there that jobs here own
	Asked map[string]bool // ids there that a person is asked about just now
	// Open is since when, by this computer's clock, a paid request is on its
	// way to the service or a person is asked what became of it; zero for
	// neither.
	Open time.Time
}

// Claims is what is known of a service's jobs now.
func (j *Jobs) Claims(service string) (Claims, error) {
	claims := Claims{Owned: map[string]bool{}, Asked: map[string]bool{}}
	err := j.cfg.DB.View(func(tx *storage.Tx) error {
		err := claimTable.Each(tx, service+"/", func(key string, _ claim) error {
			claims.Owned[key[len(service)+1:]] = true
			return nil
		})
		if err != nil {
			return err
		}
		return j.undecided(tx, service, &claims)
	})
	if err != nil {
		return Claims{}, failure.Storage("reading which jobs are known", err)
	}
	return claims, nil
}

// undecided adds what is open at the service, and what a person is asked about.
func (j *Jobs) undecided(tx *storage.Tx, serviceID string, claims *Claims) error {
	for _, job := range j.list() {
		if _, service, ok := j.cfg.Services.Task(job.Task); !ok || service.ID != serviceID {
			continue
		}
		if job.Ask != nil {
			for _, c := range job.Ask.Candidates {
				claims.Asked[c.ID] = true
			}
		}
		if job.State.Ended() && job.State != providers.NeedsYou {
			continue
		}
		err := stepTable.Each(tx, job.ID+"/", func(_ string, rec stepRecord) error {
			if rec.Paid && !rec.Done && (claims.Open.IsZero() || rec.Sent.Before(claims.Open)) {
				claims.Open = rec.Sent
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
