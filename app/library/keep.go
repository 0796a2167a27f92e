// How a picture comes into the library: its file first, then its record, and
// only then is it listed.

package library

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Incoming is a file that came as a picture: on the disk, looked at, and not
// yet in the library. It ends with Store or Discard.
type Incoming struct {
	Found photo.Finding

	file *storage.Incoming
}

// Receive takes in what write writes, without holding it in memory, and looks
// at it; ordered is as photo.Examine takes it. The error is write's own, or a *providers.Failure where the disk is at
// fault; whatever the file is, it is none.
func (l *Library) Receive(ctx context.Context, ordered string, write func(io.Writer) error) (*Incoming, error) {
	file, err := l.files.Receive(write)
	if known := (*providers.Failure)(nil); errors.As(err, &known) {
		return nil, err
	}
	if err != nil {
		return nil, failure.Storage("keeping a result", err)
	}
	in := &Incoming{file: file}
	if in.Found, err = examine(ctx, file, ordered); err != nil {
		in.Discard()
		return nil, err
	}
	return in, nil
}

func examine(ctx context.Context, file *storage.Incoming, ordered string) (photo.Finding, error) {
	content, err := file.Open()
	if err != nil {
		return photo.Finding{}, failure.Storage("reading a result", err)
	}
	defer content.Close()
	found, err := photo.Examine(ctx, content, ordered)
	if err != nil && ctx.Err() == nil {
		err = failure.Storage("reading a result", err)
	}
	return found, err
}

// Hash is the SHA-256 of the file, in hex.
func (in *Incoming) Hash() string { return in.file.Hash }

// Discard removes the file.
func (in *Incoming) Discard() { in.file.Discard() }

// Store puts the file in its place, as it came, and returns about with what
// was found. The error is a *providers.Failure: the disk is at fault.
func (in *Incoming) Store(about Picture) (Picture, error) {
	found := in.Found
	if err := in.file.Keep(found.Ext); err != nil {
		return Picture{}, failure.Storage("keeping a result", err)
	}
	about.Hash, about.Ext, about.Bytes = in.file.Hash, found.Ext, in.file.Size
	about.Width, about.Height, about.Created = found.Width, found.Height, time.Now()
	about.Unreadable, about.Damaged = found.Unreadable, found.Damaged
	return about, nil
}

// Record writes a stored picture's record.
func (l *Library) Record(tx *storage.Tx, p Picture) error { return pictureTable.Put(tx, p.ID, p) }

// Show lists a picture whose record is on disk.
func (l *Library) Show(p Picture) {
	l.add(p)
	l.changed(p.ID)
}
