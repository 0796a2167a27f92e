// Whether a model's file is still what was downloaded.

package models

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Check reads a downloaded model's whole file and compares it with what came.
// One that an older program downloaded is held to its size and its header, and
// its checksum is then recorded. Errors: os.ErrNotExist, storage.ErrDamagedFile,
// the context's, or the system's own.
func (ms *Models) Check(ctx context.Context, m Model) error {
	file, err := storage.OpenRegular(ms.Path(m))
	if err != nil {
		return failure.Storage("opening the model's file", storage.BaseNameOnly(err))
	}
	defer file.Close()
	if m.SHA256 == "" {
		return ms.checkOlder(ctx, m, file)
	}
	_, err = io.Copy(io.Discard, storage.Verified(&stoppable{ctx, file}, m.SHA256))
	if err != nil {
		return failure.Storage("reading the model's file", err)
	}
	return nil
}

func (ms *Models) checkOlder(ctx context.Context, m Model, file *os.File) error {
	sum, err := sumOlder(ctx, m, file)
	if err != nil {
		return err
	}
	now, ok := ms.Model(m.ID)
	if !ok || now.File != m.File || now.SHA256 != "" {
		return nil
	}
	now.SHA256 = sum
	return ms.put(now)
}

// sumOlder is the checksum of a file that has none yet, held to the model's
// size and to its own header.
func sumOlder(ctx context.Context, m Model, file *os.File) (string, error) {
	info, err := file.Stat()
	if err != nil {
		return "", failure.Storage("reading the model's file", storage.BaseNameOnly(err))
	}
	if err := verifySize(m, file, info.Size()); err != nil {
		return "", &providers.Failure{Kind: providers.BadResult, Message: providers.SentenceOf(err), Cause: storage.ErrDamagedFile}
	}
	sum, _, err := storage.Sum(&stoppable{ctx, file})
	if err != nil {
		return "", failure.Storage("reading the model's file", err)
	}
	return sum, nil
}

// stoppable reads until its context ends.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(b []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.r.Read(b)
}

// setAside moves a model's damaged file out of the way and forgets that it is
// here: it can be downloaded again.
func (ms *Models) setAside(m Model) (Model, error) {
	if err := ms.cfg.SetAside(ms.Path(m)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return m, failure.Storage("setting the damaged file aside", err)
	}
	m.File, m.SHA256 = "", ""
	return m, ms.put(m)
}

// Export writes a copy of a downloaded model into a folder, without overwriting
// anything, and returns its path. A damaged one isn't copied.
func (ms *Models) Export(ctx context.Context, id, dir string) (string, error) {
	m, ok := ms.Model(id)
	if !ok || m.File == "" {
		return "", providers.Errorf("there is no downloaded model %s", id)
	}
	if m.SHA256 == "" {
		if err := ms.Check(ctx, m); err != nil {
			return "", err
		}
		m, _ = ms.Model(id)
	}
	file, err := storage.OpenRegular(ms.Path(m))
	if err != nil {
		return "", failure.Storage("opening the model's file", storage.BaseNameOnly(err))
	}
	defer file.Close()
	path, err := storage.SaveAs(dir, m.File, storage.Verified(&stoppable{ctx, file}, m.SHA256))
	if errors.Is(err, storage.ErrDamagedFile) {
		return "", failure.Storage("reading the model's file", err)
	}
	return path, err
}

// Reread lists a model as its record is on disk now.
func (ms *Models) Reread(id string) error {
	var m Model
	var found bool
	err := ms.cfg.DB.View(func(tx *storage.Tx) (err error) {
		m, found, err = table.Get(tx, id)
		return err
	})
	if err != nil {
		return failure.Storage("reading a model's record", err)
	}
	if found {
		ms.show(m)
	}
	return nil
}

// Files are the names of files in the models folder that no model's record
// names, downloads under way left out.
func (ms *Models) Files() (unnamed []string, err error) {
	entries, err := os.ReadDir(ms.cfg.Dir)
	if err != nil {
		return nil, failure.Storage("listing the models' files", storage.BaseNameOnly(err))
	}
	named := map[string]bool{}
	for _, m := range ms.List() {
		named[m.File], named[fileName(m)] = true, true
	}
	for _, e := range entries {
		partial := strings.HasSuffix(e.Name(), ".part") || strings.HasSuffix(e.Name(), ".validator") || strings.HasPrefix(e.Name(), ".")
		if e.Type().IsRegular() && !partial && !named[e.Name()] {
			unnamed = append(unnamed, e.Name())
		}
	}
	return unnamed, nil
}

// Found makes a record of a file in the models folder that nothing names any
// more, by what its name tells, where it is a whole model.
func (ms *Models) Found(ctx context.Context, name string) (Model, error) {
	ext := filepath.Ext(name)
	serviceID, remote, ok := strings.Cut(strings.TrimSuffix(name, ext), "-")
	if _, known := ms.cfg.Services.Service(serviceID); !ok || !known || remote == "" {
		return Model{}, providers.Errorf("the name of %s names no service", name)
	}
	path := filepath.Join(ms.cfg.Dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return Model{}, failure.Storage("looking at a model's file", storage.BaseNameOnly(err))
	}
	m := Model{ID: serviceID + ":" + remote, Service: serviceID, Created: info.ModTime().Round(time.Second), File: name}
	m.RemoteID, m.Title, m.Format, m.Size = remote, remote, strings.TrimPrefix(ext, "."), info.Size()
	if _, taken := ms.Model(m.ID); taken {
		return Model{}, providers.Errorf("there is a model %s", m.ID)
	}
	file, err := storage.OpenRegular(path)
	if err != nil {
		return Model{}, failure.Storage("opening a model's file", storage.BaseNameOnly(err))
	}
	defer file.Close()
	if m.SHA256, err = sumOlder(ctx, m, file); err != nil {
		return Model{}, err
	}
	return m, ms.put(m)
}
