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
	report := filepath.Join(dir, "crashes", "maquette-crash-20260101T000000.000Z-7.txt")
	if err := os.MkdirAll(filepath.Dir(report), 0o700); err != nil {
		t.Fatal(err)
	}
	left := "Maquette 0.0.9\npanic: a secret\n\ngoroutine 1 [running]:\nmain.main(...)\n"
	if err := os.WriteFile(strings.TrimSuffix(report, ".txt")+".raw", []byte(left), 0o600); err != nil {
		t.Fatal(err)
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
	text, err := os.ReadFile(report)
	if err != nil || !strings.Contains(string(text), "Maquette 0.0.9\n") || !strings.Contains(string(text), "main.main(...)") || strings.Contains(string(text), "secret") {
		t.Errorf("it says %q, %v", text, err)
	}
}
