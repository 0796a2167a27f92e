// The requests that dreamlook.ai answers ("Using the API").

package dreamlook

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// listed is how many jobs a list holds at most: the most recent ones.
const listed = 50

type client struct{ api *httpapi.Client }

func connect(conn providers.Conn) client {
	return client{httpapi.New(httpapi.Options{
		Service: "dreamlook.ai",
		Conn:    conn,
		// The documents: "403: this may happen if you don't have enough quota".
		Forbidden: providers.NoCredit,
	})}
}

// create starts a job; unless body holds "dry_run", it is paid.
func (c client) create(ctx context.Context, kind jobType, body request) (created, error) {
	ctx = httpapi.Doing(ctx, "starting the job")
	var answer created
	err := c.api.Post(ctx, kind.path, body, &answer)
	var failure *providers.Failure
	if errors.As(err, &failure) {
		// A job of both kinds nests the training's fields; the form doesn't.
		failure.Field = strings.TrimPrefix(failure.Field, "dreambooth.")
	}
	return answer, err
}

// job reads one job.
func (c client) job(ctx context.Context, kind jobType, id string) (job, error) {
	return readJob[job](ctx, c, kind, id)
}

// document reads one job as the service wrote it.
func (c client) document(ctx context.Context, kind jobType, id string) (httpapi.Object, error) {
	return readJob[httpapi.Object](ctx, c, kind, id)
}

// readJob tries each spelling of the job's type until one is known.
func readJob[T any](ctx context.Context, c client, kind jobType, id string) (answer T, err error) {
	ctx = httpapi.Doing(ctx, "reading the job")
	for _, spelling := range kind.spellings {
		err = c.api.Get(ctx, "/jobs/"+spelling+"/"+url.PathEscape(id), nil, &answer)
		if !notFound(err) {
			break
		}
	}
	return answer, err
}

// jobs lists the most recent jobs of a kind under every spelling of its type,
// each job once, so that an empty list means that there are none. full
// reports that older jobs may be missing.
func (c client) jobs(ctx context.Context, kind jobType) (all []job, full bool, err error) {
	ctx = httpapi.Doing(ctx, "listing jobs")
	known := map[string]bool{}
	answered := false
	for _, spelling := range kind.spellings {
		var list jobList
		err = c.api.Get(ctx, "/jobs/"+spelling, nil, &list)
		if notFound(err) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		answered = true
		full = full || len(list) >= listed
		for _, j := range list {
			if !known[j.ID] {
				known[j.ID] = true
				all = append(all, j)
			}
		}
	}
	if !answered {
		return nil, false, err
	}
	return all, full, nil
}

func (c client) serviceTime(local time.Time) time.Time { return c.api.ServiceTime(local) }

func notFound(err error) bool {
	var failure *providers.Failure
	return errors.As(err, &failure) && failure.Kind == providers.NotFound
}

func garbled(err error) bool {
	var failure *providers.Failure
	return errors.As(err, &failure) && failure.Garbled
}
