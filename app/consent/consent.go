// Package consent is the gate before every request that trains on photos which may show a person, or hands photos
// over for that: a person states that they may be used so, and who stated it, when and for which photos is on disk
// before the request leaves.
package consent

import (
	"os"
	"os/user"
	"slices"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/ids"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Statement is what a person agrees to before training on photos of somebody.
const Statement = "I have the right to use these photos, and the person shown agrees to this training."

// Field is the field that a missing statement is a problem of.
const Field = "consent"

// Given is what a person has stated about the photos of a request.
type Given struct {
	Now    bool   // stated with the request
	Record string // id of a statement that was recorded before; "" for none
}

// Check says what is missing where a statement is needed.
func Check(needed bool, given Given) []providers.Problem {
	if !needed || given.Now || given.Record != "" {
		return nil
	}
	return []providers.Problem{{Field: Field, Message: providers.Say("state that you may use the photos: “%s”", providers.Say(Statement))}}
}

// Consent is a statement as it is kept.
type Consent struct {
	ID        string    `json:"id"`
	Statement string    `json:"statement"`
	Given     time.Time `json:"given"`
	By        string    `json:"by"` // the account on this computer; "" where the system doesn't say
	Service   string    `json:"service"`
	Request   string    `json:"request"`       // id of the task or call
	Job       string    `json:"job,omitempty"` // that the photos are for
	// Of names what the request is about at the service, such as the dataset's id by "dataset_id".
	Of     map[string]string `json:"of,omitempty"`
	Photos []Photo           `json:"photos,omitempty"`
}

// Photo is a photo that a statement is about.
type Photo struct {
	Hash string `json:"hash,omitempty"` // SHA-256 of the original; "" for what isn't on this computer
	Name string `json:"name,omitempty"` // the file's, the service's, or a web address without its query
}

var (
	table = storage.NewTable[Consent]("consents")
	names ids.Source
)

// New is a statement that is made now, for a task or call of a service.
func New(service, request string) Consent {
	return Consent{ID: names.Next("c"), Statement: Statement, Given: time.Now(), By: account(), Service: service, Request: request}
}

// account is the name of who runs this program.
func account() string {
	if known, err := user.Current(); err == nil {
		return known.Username
	}
	return os.Getenv("USER")
}

// About are the photos as a statement names them.
func About(photos []photo.Photo) []Photo {
	all := make([]Photo, len(photos))
	for i, p := range photos {
		all[i] = Photo{p.Hash, p.Name}
	}
	return all
}

// Put writes the statement in a transaction of whoever makes it.
func (c Consent) Put(tx *storage.Tx) error { return table.Put(tx, c.ID, c) }

// Record writes the statement by itself.
func (c Consent) Record(db *storage.DB) error {
	if err := db.Update(c.Put); err != nil {
		return failure.Storage("recording the consent", err)
	}
	return nil
}

// Covers reports whether a recorded statement is about this photo and this service.
func Covers(db *storage.DB, id, service, hash string) (covers bool, err error) {
	err = db.View(func(tx *storage.Tx) error {
		c, found, err := table.Get(tx, id)
		covers = found && c.Service == service && slices.ContainsFunc(c.Photos, func(p Photo) bool { return p.Hash == hash })
		return err
	})
	return covers, err
}

// List is every recorded statement that can be read, the newest first.
func List(db *storage.DB) ([]Consent, error) {
	var all []Consent
	err := db.View(func(tx *storage.Tx) error {
		return table.Each(tx, "", func(_ string, c Consent) error {
			all = append(all, c)
			return nil
		})
	})
	slices.Reverse(all)
	_, err = storage.Unreadable(err)
	return all, err
}
