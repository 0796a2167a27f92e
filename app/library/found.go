// Pictures that come back: from a backup's record, or from their files alone
// after the database was lost.

package library

import (
	"context"
	"io"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Reread lists a picture as its record is on disk now.
func (l *Library) Reread(id string) error {
	var p Picture
	var found bool
	err := l.db.View(func(tx *storage.Tx) (err error) {
		p, found, err = pictureTable.Get(tx, id)
		return err
	})
	if err != nil {
		return failure.Storage("reading a picture's record", err)
	}
	if found {
		l.replace([]Picture{p})
		l.changed(id)
	}
	return nil
}

// foundPrefix begins the ids of pictures that were found by their files.
const foundPrefix = "found-"

// Found makes records of stored files that nothing names any more: what the
// file tells is in them, what made it isn't known. It returns which pictures
// came of it; what is none is left out.
func (l *Library) Found(ctx context.Context, files []storage.Stored) (found []Picture, err error) {
	for _, file := range files {
		if ctx.Err() != nil {
			return found, context.Cause(ctx)
		}
		p, err := l.look(ctx, file)
		if err != nil {
			continue // no picture, or a damaged one: it stays as it lies
		}
		found = append(found, p)
	}
	err = l.db.Update(func(tx *storage.Tx) error {
		for _, p := range found {
			if err := pictureTable.Put(tx, p.ID, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, failure.Storage("recording found pictures", err)
	}
	l.replace(found)
	l.changed("")
	return found, nil
}

func (l *Library) look(ctx context.Context, file storage.Stored) (Picture, error) {
	if err := l.files.Verify(file.Hash, file.Ext); err != nil {
		return Picture{}, err
	}
	content, err := l.files.Open(file.Hash, file.Ext)
	if err != nil {
		return Picture{}, err
	}
	defer content.Close()
	found, err := photo.Examine(ctx, content, "")
	if err != nil {
		return Picture{}, err
	}
	if !found.NotPicture.IsZero() {
		return Picture{}, notPicture(found)
	}
	return Picture{
		ID: foundPrefix + file.Hash[:16], Hash: file.Hash, Ext: file.Ext,
		Width: found.Width, Height: found.Height, Bytes: file.Size(), Created: file.ModTime().Round(time.Second),
		Unreadable: found.Unreadable, Damaged: found.Damaged,
	}, nil
}

func notPicture(found photo.Finding) error {
	return &providers.Failure{Kind: providers.BadResult, Message: found.NotPicture, Garbled: true}
}

// PutBack stores the file of a damaged picture anew, which write fetches again
// from its service. Where that is another file than before, the record follows
// it. The error is a *providers.Failure, Garbled where no picture came, or
// write's own.
func (l *Library) PutBack(ctx context.Context, id string, write func(io.Writer) error) error {
	p, ok := l.Picture(id)
	if !ok {
		return providers.Errorf("there is no picture %s", id)
	}
	in, err := l.Receive(ctx, l.ordered(p.Task), write)
	if err != nil {
		return err
	}
	if !in.Found.NotPicture.IsZero() {
		in.Discard()
		return notPicture(in.Found)
	}
	stored, err := in.Store(p)
	if err != nil {
		in.Discard()
		return err
	}
	if stored.Hash == p.Hash && stored.Ext == p.Ext {
		return nil
	}
	stored.Created = p.Created
	if err := l.db.Update(func(tx *storage.Tx) error { return pictureTable.Put(tx, id, stored) }); err != nil {
		return failure.Storage("recording a picture", err)
	}
	l.replace([]Picture{stored})
	l.changed(id)
	return nil
}

// OfJob lists the pictures that a job made, oldest first.
func (l *Library) OfJob(job string) (ids []string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, list := range [][]*entry{l.newest, l.trashed} {
		for _, e := range list {
			if e.Job == job {
				ids = append([]string{e.ID}, ids...)
			}
		}
	}
	return ids
}
