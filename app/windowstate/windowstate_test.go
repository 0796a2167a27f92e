package windowstate_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/windowstate"
)

func TestTheWindowIsRemembered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := windowstate.Open(dir)
	if now := d.Now(); !reflect.DeepEqual(now, windowstate.State{}) {
		t.Fatalf("a first start has %+v", now)
	}
	d.Change(func(s *windowstate.State) {
		s.Language, s.Scale, s.Tab = "pt-BR", 1.5, "gallery"
		s.Window = windowstate.Place{Width: 900, Height: 600, X: -40, Y: 12, Placed: true, Maximized: true}
		s.Splits["train"] = 0.3
	})
	before := d.Now()
	d.Change(func(s *windowstate.State) { s.Sizes["grid"] = 220 })
	if len(before.Sizes) != 0 {
		t.Error("a change reaches what was handed out before")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if again := windowstate.Open(dir).Now(); !reflect.DeepEqual(again, d.Now()) || again.Splits["train"] != 0.3 || again.Window.X != -40 {
		t.Errorf("the next start has %+v", again)
	}
}

func TestAFileThatCannotBeReadIsNone(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty": "", "cut": `{"language":"d`, "another": `[1,2]`, "endless": `{"tab":"` + strings.Repeat("x", 2<<20) + `"}`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "window.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		d := windowstate.Open(dir)
		if now := d.Now(); !reflect.DeepEqual(now, windowstate.State{}) {
			t.Errorf("%s: %+v", name, now)
		}
		d.Change(func(s *windowstate.State) { s.Tab = "jobs" })
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if now := windowstate.Open(dir).Now(); now.Tab != "jobs" {
			t.Errorf("%s: afterwards %+v", name, now)
		}
	}
}

func TestManyChangesAreWrittenTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := windowstate.Open(dir)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				d.Change(func(s *windowstate.State) { s.Splits["train"] += 1.0 / 1024 })
			}
		})
	}
	group.Wait()
	for range 2000 { // written by itself, too: a killed window has lost a second at most
		if windowstate.Open(dir).Now().Splits["train"] == 800.0/1024 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if now := windowstate.Open(dir).Now(); now.Splits["train"] != 800.0/1024 {
		t.Errorf("the file has %+v", now)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
