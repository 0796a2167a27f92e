package realparts

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What an S3 server of S3's is reached with.
const (
	Bucket = "photos"
	Access = "access"
	Region = "us-east-1"
)

// S3 starts a real S3 server on loopback, versitygw, with one bucket in it.
// It returns the server's address and the folder where the bucket's objects lie.
func S3(t *testing.T, secret string) (endpoint, folder string) {
	t.Helper()
	program := FindS3(t)
	root := t.TempDir()
	folder = filepath.Join(root, Bucket)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	address := FreeAddress(t)
	cmd := exec.Command(program, "--port", address, "--access", Access, "--secret", secret, "--region", Region,
		"--quiet", "posix", "--sidecar", t.TempDir(), root)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	start(t, cmd)
	await(t, "versitygw", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return "http://" + address, folder
}

// FindS3 returns where the S3 server's program lies.
func FindS3(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path
	}
	if out, err := exec.Command("go", "env", "GOPATH").Output(); err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "bin", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missing(t, "versitygw, an S3 server: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	return ""
}

// FreeAddress is an address on loopback where nobody listens.
func FreeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
