// What this computer serves to whoever has its name: copies of photos, and
// what a check looks for.

package access

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/storage"
)

// servedName is a name of storage.UnguessableName's: nothing else is looked for.
var servedName = regexp.MustCompile(`^[0-9a-f]{32}\.[a-z0-9]{1,8}$`)

// probe is what a check looks for.
type probe struct {
	content []byte
	came    atomic.Bool // somebody asked for it here
}

// answer answers whoever asks for a copy by its name, and services that call
// back. The last part of the path counts: what leads here may have a path of
// its own before it.
func (c *Computer) answer(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return c.cfg.Callbacks(w, r)
	}
	name := path.Base(r.URL.Path)
	if !servedName.MatchString(name) {
		return false
	}
	if p := c.probe(name); p != nil {
		p.came.Store(true)
		serve(w, r, name, bytes.NewReader(p.content))
		return true
	}
	if !c.cfg.Serves(name) {
		return false
	}
	file, err := os.Open(filepath.Join(c.cfg.Dir, name))
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	serve(w, r, name, file)
	return true
}

func (c *Computer) probe(name string) *probe {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probes[name]
}

// serve sends a file, or the parts of it that are asked for. Nobody on the way
// may keep it: it is gone from here once its job needs it no more.
func serve(w http.ResponseWriter, r *http.Request, name string, content io.ReadSeeker) {
	header := w.Header()
	header.Set("Content-Type", contentType(strings.TrimPrefix(path.Ext(name), ".")))
	header.Set("Cache-Control", "private, no-store, no-transform")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("ETag", `"1"`) // what lies under a name never changes
	http.ServeContent(w, r, "", time.Time{}, content)
}

// put keeps a copy under its name.
func (c *Computer) put(name string, content []byte) error {
	err := storage.WriteFile(filepath.Join(c.cfg.Dir, name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
	if err != nil {
		return failure.Storage("keeping a copy of a photo to be served", withoutName(err))
	}
	return nil
}

// remove deletes a copy. One that isn't there is no error.
func (c *Computer) remove(name string) error {
	err := os.Remove(filepath.Join(c.cfg.Dir, name))
	if err == nil || os.IsNotExist(err) {
		return nil
	}
	return withoutName(err)
}

// names are the copies that lie there.
func (c *Computer) names() []string {
	entries, _ := os.ReadDir(c.cfg.Dir) // what can't be read is seen when it is written
	var names []string
	for _, entry := range entries {
		if servedName.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// withoutName is an error without the file's name, by which it is reached.
func withoutName(err error) error {
	for _, known := range []error{storage.ErrDiskFull, storage.ErrReadOnly, fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, known) {
			return known
		}
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return errors.New("the disk refused")
}
