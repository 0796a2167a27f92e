//go:build unix

package photo_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

func TestWhatIsNoOrdinaryFileIsNeverOpened(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Skip(err)
		}
	}
	must(syscall.Mkfifo(at("pipe.jpg"), 0o600))
	must(os.Symlink(at("loop.jpg"), at("loop.jpg")))
	must(os.Symlink(at("gone.jpg"), at("dangling.jpg")))
	must(os.Mkdir(at("folder.jpg"), 0o700))
	socket, err := net.Listen("unix", at("s.jpg"))
	must(err)
	defer socket.Close()
	write(t, at("huge.jpg"), nil)
	must(os.Truncate(at("huge.jpg"), 300<<20))
	for path, says := range map[string]string{
		at("pipe.jpg"):     "pipe.jpg is a pipe, not a file",
		at("loop.jpg"):     "loop.jpg is a link that leads back to itself",
		at("dangling.jpg"): "dangling.jpg is a link to a file that does not exist",
		at("folder.jpg"):   "folder.jpg is a folder",
		at("s.jpg"):        "s.jpg is a socket, not a file",
		at("missing.jpg"):  "missing.jpg does not exist",
		at("huge.jpg"):     "huge.jpg is 300 MiB; the limit is 200 MiB",
		"/dev/zero":        "zero is a device, not a file",
	} {
		_, err := photo.Open(path)
		var rejected *photo.Rejected
		if !errors.As(err, &rejected) || err.Error() != says {
			t.Errorf("got %v, want %s", err, says)
		}
	}
}

func TestAFileWithoutPermissionIsSaid(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "mine.jpg"), jpegOf(quarterPicture()))
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(path); err == nil {
		f.Close()
		t.Skip("this user may read everything")
	}
	_, err := photo.Open(path)
	if err == nil || err.Error() != "mine.jpg may not be read; check its permissions" {
		t.Errorf("got %v", err)
	}
}

func TestGatheringIsNotTrappedByLinksAndPipes(t *testing.T) {
	dir := t.TempDir()
	at := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Skip(err)
		}
	}
	jpg := jpegOf(quarterPicture())
	write(t, at("sub", "1.jpg"), jpg)
	write(t, at("locked", "2.jpg"), jpg)
	must(os.Symlink(dir, at("sub", "round")))
	must(os.Symlink(at("sub", "1.jpg"), at("again.jpg")))
	must(os.Symlink(at("loop.jpg"), at("loop.jpg")))
	must(syscall.Mkfifo(at("pipe.jpg"), 0o600))
	must(syscall.Mkfifo(at("pipe"), 0o600))
	must(os.Chmod(at("locked"), 0))
	defer func() { must(os.Chmod(at("locked"), 0o700)) }()
	_, lockErr := os.ReadDir(at("locked"))

	files, problems := photo.Gather(context.Background(), []string{dir, at("pipe")})
	want := []photo.Rejected{
		{Name: "loop.jpg", Reason: providers.Say("is a link that leads back to itself")},
		{Name: "pipe.jpg", Reason: providers.Say("is a pipe, not a file")},
		{Name: "pipe", Reason: providers.Say("is a pipe, not a file")},
	}
	wantFiles := 2
	if lockErr != nil {
		want = slices.Insert(want, 0, photo.Rejected{Name: "locked", Reason: providers.Say("may not be read; check its permissions")})
		wantFiles = 1
	}
	if len(files) != wantFiles {
		t.Errorf("found %v", files)
	}
	if fmt.Sprintf("%v", problems) != fmt.Sprintf("%v", want) {
		t.Errorf("problems are %v", problems)
	}
}
