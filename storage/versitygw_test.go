package storage_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

const (
	testAccess = "maquette-test"
	testSecret = "maquette-test-secret"
	testBucket = "photos"
)

// versitygw starts a real S3 server on loopback with one bucket in it and
// returns how to reach that and the folder where its objects lie.
func versitygw(t *testing.T) (config storage.BucketConfig, folder string) {
	t.Helper()
	program := findVersitygw(t)
	root := t.TempDir()
	folder = filepath.Join(root, testBucket)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	cmd := exec.Command(program, "--port", address, "--access", testAccess, "--secret", testSecret, "--region", "us-east-1", "--quiet", "posix", "--nometa", root)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it was killed
		close(exited)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
		if t.Failed() {
			t.Logf("versitygw said:\n%s", output.String())
		}
	})
	assertEventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return storage.BucketConfig{
		Endpoint: "http://" + address, Region: "us-east-1", Name: testBucket,
		AccessKey: testAccess, SecretKey: testSecret,
	}, folder
}

func findVersitygw(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path
	}
	out, err := exec.Command("go", "env", "GOPATH").Output()
	if err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "bin", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missingPart(t, "versitygw, an S3 server: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
