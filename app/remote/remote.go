// Package remote is the room for what lies at a service that keeps projects,
// datasets and models of its own: what there is, what can be done with it,
// what is to be uploaded there and isn't yet, and what a deletion takes with
// it. It makes the service's declared calls through a Caller and knows nothing
// of the screen or of other rooms; sentences are left to those who show them.
package remote

import (
	"context"
	"time"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Caller makes one of a service's calls and returns its answer, which
// encoding/json can write. A reference to a photo in an image field is sent as
// the photo's prepared copy. Values that the call doesn't take are a
// *providers.Failure of a request that never left, as providers.Refusal makes
// it. agreed is the consent that a call takes which trains, or uploads for that.
type Caller func(ctx context.Context, id string, values providers.Values, agreed consent.Given) (any, error)

// Config is what the room needs.
type Config struct {
	Service *providers.Service // one of which Keeps is true
	DB      *storage.DB
	Call    Caller
	// Local reports whether the service is on this computer: only then may its
	// links lead here. nil means no.
	Local func() bool
	// Changed is told the dataset whose waiting pictures or captions changed;
	// "" where it may be any. It must return at once and may be called from
	// any goroutine. nil tells nobody.
	Changed func(dataset ID)
	// Held says why no upload may begin just now; nil for none where any may.
	Held func() error
	// Sleep waits between looks at the service, or until the context ends; nil
	// sleeps as long as it is told.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Remote is what lies at one service. Its methods and those of its parts may be
// called from any goroutine; those that take a context wait for the network or
// the disk.
type Remote struct {
	Captions  *Captions
	Uploads   *Uploads
	Drafts    *Drafts
	Trainings *Trainings

	*client
	links links
}

// The calls that a service needs for its things to be kept here.
const (
	callProjects        = "projects"
	callProject         = "project"
	callProjectDatasets = "project-datasets"
	callProjectModels   = "project-models"
	callDatasets        = "datasets"
	callDataset         = "dataset"
	callDatasetUpdate   = "dataset-update"
	callImages          = "images"
	callUpload          = "image-upload"
	callCaption         = "image-caption"
	callRecaption       = "image-recaption"
	callRecaptionAll    = "images-recaption"
	callImageDelete     = "image-delete"
	callModels          = "models"
	callModel           = "model"
	callStart           = "model-start"
	callStop            = "model-stop"
)

// Keeps reports whether a service declares the calls that this room makes.
func Keeps(service *providers.Service) bool {
	for _, call := range []string{
		callProjects, callProject, callProjectDatasets, callProjectModels, callDatasets, callDataset, callDatasetUpdate,
		callImages, callUpload, callCaption, callRecaption, callRecaptionAll, callImageDelete, callModels, callModel, callStart, callStop,
		KindProject.deleteCall(), KindDataset.deleteCall(), KindModel.deleteCall(),
	} {
		if _, declared := service.FindCall(service.ID + "/" + call); !declared {
			return false
		}
	}
	return true
}

// Open reads what waits to be sent. It fails where the service keeps nothing
// that this room knows, or where the disk does.
func Open(cfg Config) (*Remote, error) {
	if !Keeps(cfg.Service) {
		return nil, providers.Errorf("%s keeps no projects with datasets and models", cfg.Service.Title)
	}
	unsent, err := openUnsent(cfg.DB, cfg.Service.ID)
	if err != nil {
		return nil, err
	}
	c := newClient(cfg, unsent)
	return &Remote{
		Captions: &Captions{client: c}, Uploads: &Uploads{client: c}, Drafts: &Drafts{client: c}, Trainings: &Trainings{client: c},
		client: c, links: links{isLocal: cfg.Local},
	}, nil
}

// Close lets go of connections.
func (r *Remote) Close() { r.links.close() }

// Service is the service that this is about.
func (r *Remote) Service() *providers.Service { return r.service }

// Limits are what a dataset at the service takes: Min images before it can be
// completed, Max at all (0 for no limit), MinEdge pixels each.
func (r *Remote) Limits() providers.PhotoRules { return r.limits }
