package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
)

func TestACrashIsToldAtTheNextStartAndOnce(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	report := filepath.Join(dir, "crashes", "maquette-crash-20260101T000000.000Z.txt")
	if err := os.MkdirAll(filepath.Dir(report), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{report, report + ".new"} {
		if err := os.WriteFile(name, []byte("broke"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for start, want := range []int{1, 0} {
		studio, err := app.Open(app.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, trouble := range studio.Troubles.List() {
			if trouble.Code == app.TroubleCrash && strings.Contains(trouble.Text.String(), report) {
				told++
			}
		}
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
		if told != want {
			t.Errorf("at start %d it is told %d times", start, told)
		}
	}
}
