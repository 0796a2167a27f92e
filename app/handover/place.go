// Where the socket of a data directory is.

package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const (
	socketName = "maquette.sock"
	// pointerName is the file that names the socket where it can't be in the
	// directory itself.
	pointerName = "maquette.sock.path"
	// longestPath is what every system takes as a socket's path, bytes; macOS has
	// room for 104 with the closing zero.
	longestPath = 100
)

// bind makes the socket of a directory that this process has, in the place of
// one that a killed process left. Where the directory can't hold one (its path
// is too long, or it is on a disk without sockets) it is in a folder of the
// user's own, which a file in the directory names.
func bind(dir string) (*net.UnixListener, error) {
	pointer := filepath.Join(dir, pointerName)
	if err := os.Remove(pointer); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing an old socket's path: %w", err)
	}
	if path := filepath.Join(dir, socketName); len(path) <= longestPath {
		if listener, err := bindAt(path); err == nil {
			return listener, nil
		}
	}
	folder, err := ownFolder()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(dir))
	path := filepath.Join(folder, hex.EncodeToString(sum[:8])+".sock")
	listener, err := bindAt(path)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(pointer, []byte(path), 0o600); err != nil {
		listener.Close()
		return nil, fmt.Errorf("writing the socket's path: %w", err)
	}
	return listener, nil
}

func bindAt(path string) (*net.UnixListener, error) {
	if len(path) > longestPath {
		return nil, fmt.Errorf("a socket's path has %d bytes at most", longestPath)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing an old socket: %w", err)
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("making the socket: %w", err)
	}
	if err := restrict(path); err != nil {
		listener.Close()
		return nil, fmt.Errorf("closing the socket to others: %w", err)
	}
	return listener, nil
}

// ownFolder is a folder for sockets that only this user can enter.
func ownFolder() (string, error) {
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("maquette-%d", os.Getuid()))
	if runtime := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		folder = filepath.Join(runtime, "maquette")
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("making a folder for the socket: %w", err)
	}
	if err := checkOwn(folder); err != nil {
		return "", err
	}
	return folder, nil
}

// find is the path of a directory's socket; ErrNobody where there is none.
func find(dir string) (string, error) {
	path := filepath.Join(dir, socketName)
	if named, err := os.ReadFile(filepath.Join(dir, pointerName)); err == nil {
		path = strings.TrimSpace(string(named))
		if !filepath.IsAbs(path) || checkOwn(filepath.Dir(path)) != nil {
			return "", ErrNobody
		}
	}
	if len(path) > longestPath {
		return "", ErrNobody
	}
	if _, err := os.Lstat(path); err != nil {
		return "", ErrNobody
	}
	return path, nil
}
