// The part of a check that reads every file: pictures, photos and models.

package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/library"
	"github.com/maquette-studio/maquette/app/models"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// readers is how many files are read at a time.
const readers = 2

// owned is a stored file and what refers to it.
type owned struct {
	hash, ext string
	bytes     int64
	pictures  []library.Picture
	photos    []string // what a person knows them by
	gone      bool     // found missing
	err       error    // why it isn't whole
}

// finding is about the file, by the first that refers to it.
func (o *owned) finding(state FindingState, message providers.Sentence) []Finding {
	var list []Finding
	for _, p := range o.pictures {
		list = append(list, Finding{KindPicture, p.ID, state, message})
	}
	for _, name := range o.photos {
		list = append(list, Finding{KindPhoto, name, state, message})
	}
	return list
}

// owners are the stored files that something refers to, by name. A job whose
// record is damaged is no witness: what was changed may be the name of a file.
func (s *Studio) owners() map[string]*owned {
	all := map[string]*owned{}
	at := func(hash, ext string, bytes int64) *owned {
		name := hash + "." + ext
		if all[name] == nil {
			all[name] = &owned{hash: hash, ext: ext}
		}
		all[name].bytes = max(all[name].bytes, bytes)
		return all[name]
	}
	for _, p := range append(s.Library.Search(""), s.Library.Trash()...) {
		o := at(p.Hash, p.Ext, p.Bytes)
		o.pictures = append(o.pictures, p)
	}
	add := func(owner string, p photo.Photo) {
		o := at(p.Hash, p.Ext, p.Bytes)
		if name := owner + "/" + cmp.Or(p.Name, p.Hash); !slices.Contains(o.photos, name) {
			o.photos = append(o.photos, name)
		}
	}
	for _, d := range s.Datasets.List() {
		for _, p := range d.Photos {
			add(d.Name, p)
		}
	}
	for _, job := range s.Jobs.List() {
		if job.Damaged {
			continue
		}
		for _, p := range job.Photos {
			add(job.ID, p)
		}
		for _, ref := range intake.Refs(job.Values) {
			if hash, ext, ok := photo.SplitRef(ref); ok {
				add(job.ID, photo.Photo{Hash: hash, Ext: ext})
			}
		}
	}
	for _, p := range s.Bria.Uploads.All() {
		add(briaID, p.Photo)
	}
	return all
}

// files reads every file that something refers to and compares it with its
// hash, models with their checksum.
func (c *check) files(ctx context.Context) error {
	owners := c.owners()
	var work []func()
	var mu sync.Mutex
	var bad []*owned
	for _, o := range owners {
		c.report.Pictures += len(o.pictures)
		c.report.Photos += len(o.photos)
		c.progress.Of += o.bytes
		work = append(work, func() {
			if err := c.Studio.files.Verify(o.hash, o.ext); err != nil {
				mu.Lock()
				o.gone, o.err = errors.Is(err, fs.ErrNotExist), err
				bad = append(bad, o)
				mu.Unlock()
			}
			c.read(o.bytes)
		})
	}
	for _, m := range c.Models.List() {
		if m.File == "" {
			continue
		}
		c.report.Models++
		c.progress.Of += m.Size
		work = append(work, func() {
			c.model(ctx, m)
			c.read(m.Size)
		})
	}
	if err := inPairs(ctx, work); err != nil {
		return err
	}
	slices.SortFunc(bad, func(a, b *owned) int { return cmp.Compare(a.hash, b.hash) })
	return c.damagedFiles(ctx, bad)
}

// inPairs does all work, a few at a time.
func inPairs(ctx context.Context, work []func()) error {
	next := make(chan func())
	var group sync.WaitGroup
	for range readers {
		group.Go(func() {
			for do := range next {
				do()
			}
		})
	}
	for _, do := range work {
		if ctx.Err() != nil {
			break
		}
		next <- do
	}
	close(next)
	group.Wait()
	return ctx.Err()
}

// damagedFiles says which files are damaged or gone. Repairing, it moves the
// damaged ones aside and fetches pictures again.
func (c *check) damagedFiles(ctx context.Context, bad []*owned) error {
	var aside []*owned
	for _, o := range bad {
		if isKeptFrom(o.err) {
			c.foundAll(o.finding(Damaged, keptFrom(o.err)))
			continue
		}
		if !c.Repair {
			message := providers.Say("Its file is damaged: the content has changed since it was kept.")
			if o.gone {
				message = providers.Say("Its file is gone.")
			}
			c.foundAll(o.finding(Damaged, message))
			continue
		}
		if !o.gone {
			err := c.setAside(c.Studio.files.Path(o.hash, o.ext))
			o.gone = errors.Is(err, fs.ErrNotExist)
			if err != nil && !o.gone {
				c.foundAll(o.finding(Damaged, providers.Say("Its file is damaged and could not be moved aside: %v", err)))
				continue
			}
		}
		aside = append(aside, o)
	}
	why := c.fetchAgain(ctx, aside)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, o := range aside {
		c.foundAll(c.afterFetching(o, why))
	}
	return nil
}

// isKeptFrom reports whether the system keeps the program from reading
// something, which says nothing of what it holds: it is named and left alone.
func isKeptFrom(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

func keptFrom(err error) providers.Sentence {
	return providers.Say("It can't be read, so nothing is known of it: %v", err)
}

func (c *check) foundAll(list []Finding) {
	for _, f := range list {
		c.found(f)
	}
}

// fetchAgain asks services for the pictures whose files are bad, each job once.
// It returns, by job, why that failed.
func (c *check) fetchAgain(ctx context.Context, bad []*owned) map[string]error {
	wanted := map[string]map[string]bool{}
	for _, o := range bad {
		for _, p := range o.pictures {
			if p.Job != "" && wanted[p.Job] == nil {
				wanted[p.Job] = map[string]bool{}
			}
			if p.Job != "" {
				wanted[p.Job][p.ID] = true
			}
		}
	}
	why := map[string]error{}
	for job, pictures := range wanted {
		if ctx.Err() != nil {
			break
		}
		why[job] = c.Jobs.FetchAgain(ctx, job, pictures, c.Library.PutBack)
	}
	return why
}

// afterFetching is what became of a bad file.
func (c *check) afterFetching(o *owned, why map[string]error) []Finding {
	state, where := Quarantined, providers.Say("Its damaged file lies in quarantine.")
	if o.gone {
		state, where = Lost, providers.Say("Its file is gone.")
	}
	back := c.Studio.files.Verify(o.hash, o.ext) == nil
	var list []Finding
	for _, p := range o.pictures {
		f := Finding{KindPicture, p.ID, Repaired, providers.Say("It was fetched again from its service, which costs nothing.")}
		now, _ := c.Library.Picture(p.ID)
		switch {
		case c.Studio.files.Verify(now.Hash, now.Ext) == nil:
		case p.Job == "":
			f.State, f.Message = state, providers.Say("%s It isn't known what made it.", where)
		default:
			cause := why[p.Job]
			if cause == nil {
				cause = providers.Errorf("the service doesn't have it any more")
			}
			f.State, f.Message = state, providers.Say("%s It could not be fetched again: %v", where, cause)
		}
		list = append(list, f)
	}
	for _, name := range o.photos {
		f := Finding{KindPhoto, name, Repaired, providers.Say("It was fetched again from its service, which costs nothing.")}
		if !back {
			f.State, f.Message = state, providers.Say("%s Add the photo again from where it came: it takes its old place.", where)
		}
		list = append(list, f)
	}
	return list
}

// model checks one model and, repairing, downloads it again.
func (c *check) model(ctx context.Context, m models.Model) {
	err := c.Models.Check(ctx, m)
	if err == nil || ctx.Err() != nil {
		return
	}
	gone := errors.Is(err, fs.ErrNotExist)
	f := Finding{KindModel, m.ID, Damaged, providers.Say("Its file is damaged: %v", err)}
	if gone {
		f.Message = providers.Say("Its file is gone.")
	}
	if c.Repair {
		f.State, f.Message = c.repairModel(ctx, m, gone)
	}
	c.found(f)
}

func (c *check) repairModel(ctx context.Context, m models.Model, gone bool) (FindingState, providers.Sentence) {
	state, where := Quarantined, providers.Say("Its damaged file lies in quarantine.")
	if gone {
		state, where = Lost, providers.Say("Its file is gone.")
	}
	_, err := c.Models.Mend(ctx, m.ID)
	if now, known := c.Models.Model(m.ID); err != nil && known && now.File != "" {
		return Damaged, providers.SentenceOf(err)
	}
	if err != nil {
		return state, providers.Say("%s It could not be fetched again: %v", where, err)
	}
	return Repaired, providers.Say("It was fetched again from its service, which costs nothing.")
}

// unused names the files that nothing refers to.
func (c *check) unused(context.Context) error {
	strays, err := c.strays()
	if isKeptFrom(err) {
		c.found(Finding{KindFile, filepath.Base(c.layout.Library), Damaged, keptFrom(err)})
	} else if err != nil {
		return err
	}
	for _, file := range strays {
		c.found(Finding{KindFile, file.Hash + "." + file.Ext, Unused, providers.Say("Nothing refers to this file of the library any more, such as a photo that was taken out of its dataset.")})
	}
	names, err := c.Models.Files()
	for _, name := range names {
		c.found(Finding{KindFile, name, Unused, providers.Say("No model's record names this file.")})
	}
	return err
}

// strays are the stored files that nothing refers to.
func (s *Studio) strays() (list []storage.Stored, err error) {
	err = s.files.Each(func(file storage.Stored) error {
		list = append(list, file)
		return nil
	})
	if err != nil {
		return nil, providers.Errorf("listing the library's files: %v", err)
	}
	// What came meanwhile is in somebody's record by now, or is being taken in.
	owners, used := s.owners(), s.hashesInUse()
	return slices.DeleteFunc(list, func(file storage.Stored) bool {
		return owners[file.Hash+"."+file.Ext] != nil || used[file.Hash]
	}), nil
}
