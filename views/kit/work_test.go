package kit_test

import (
	"context"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

func TestOnlyTheNewestOfANameIsShown(t *testing.T) {
	ui := viewtest.Start(t)
	work := kit.NewWork()
	t.Cleanup(work.Close)
	gaveUp := make(chan struct{})
	var shown []string
	kit.Begin(work, "search", func(ctx context.Context) string {
		<-ctx.Done()
		close(gaveUp)
		return "older"
	}, func(s string) { shown = append(shown, s) })
	kit.Begin(work, "search", func(context.Context) string { return "newer" }, func(s string) { shown = append(shown, s) })
	<-gaveUp
	ui.Until("the newer", func() bool { return len(shown) > 0 })
	ui.Drain()
	if len(shown) != 1 || shown[0] != "newer" || work.Busy("search") {
		t.Errorf("shown is %v", shown)
	}
}

func TestNothingIsShownInAPartThatEnded(t *testing.T) {
	ui := viewtest.Start(t)
	work := kit.NewWork()
	t.Cleanup(work.Close)
	panel := work.Part()
	done := make(chan struct{})
	kit.Do(panel, func(ctx context.Context) bool {
		defer close(done)
		<-ctx.Done()
		return true
	}, func(bool) { t.Error("a panel that is gone shows something") })
	panel.After("rest", time.Nanosecond, func() { t.Error("a panel that is gone goes on") })
	panel.End()
	<-done
	after := false
	kit.Do(work, func(context.Context) bool { return true }, func(bool) { after = true })
	ui.Until("the window's own work", func() bool { return after })
}

func TestWhatIsCancelledStillSaysHowFarItCame(t *testing.T) {
	ui := viewtest.Start(t)
	work := kit.NewWork()
	t.Cleanup(work.Close)
	said := 0
	cancel := kit.Do(work, func(ctx context.Context) int {
		<-ctx.Done()
		return 3
	}, func(n int) { said = n })
	cancel()
	ui.Until("the word of it", func() bool { return said == 3 })
}

func TestClosingWaitsForWork(t *testing.T) {
	viewtest.Start(t)
	work := kit.NewWork()
	ended := false
	kit.Do(work.Part(), func(ctx context.Context) bool {
		<-ctx.Done()
		ended = true
		return true
	}, nil)
	work.Close()
	if !ended {
		t.Error("closing left work behind")
	}
	kit.Do(work, func(context.Context) bool { t.Error("closed work begins anew"); return true }, nil)
	work.Close()
}
