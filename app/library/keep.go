// How a picture comes into the library: its file first, then its record, and
// only then is it listed.

package library

import (
	"bytes"
	"context"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage"
)

// Store checks that content is a whole picture, stores its file, and returns
// about with what it found. The error is a *providers.Failure where the disk
// is at fault, anything else where the picture is.
func (l *Library) Store(ctx context.Context, content []byte, about Picture) (Picture, error) {
	inspect := photo.Inspect
	if photo.IsVector(content) {
		inspect = photo.InspectVector
	}
	info, err := inspect(ctx, bytes.NewReader(content), "The result")
	if err != nil {
		return Picture{}, err
	}
	hash, size, err := l.files.Put(bytes.NewReader(content), info.Ext)
	if err != nil {
		return Picture{}, failure.Storage("keeping a result", err)
	}
	about.Hash, about.Ext, about.Bytes = hash, info.Ext, size
	about.Width, about.Height, about.Created = info.Width, info.Height, time.Now()
	return about, nil
}

// Record writes a stored picture's record.
func (l *Library) Record(tx *storage.Tx, p Picture) error { return pictureTable.Put(tx, p.ID, p) }

// Show lists a picture whose record is on disk.
func (l *Library) Show(p Picture) {
	l.add(p)
	l.changed(p.ID)
}
