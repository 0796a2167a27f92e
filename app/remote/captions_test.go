package remote_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/bria"
)

// openWriting opens a dataset of one image whose caption Bria takes its time
// to write.
func openWriting(t *testing.T) (*world, *remote.Remote, remote.Dataset) {
	t.Helper()
	w := newWorld(t, 2)
	made := w.fill()
	r, _ := w.open()
	d, err := r.Dataset(t.Context(), made.dataset)
	noError(t, err)
	if got := d.Writing(); got != (remote.Writing{Going: true, Of: 1}) || r.Captions.State(d, d.Images[0]) != remote.CaptionPending {
		t.Fatalf("while Bria writes it is told %+v, %s", got, r.Captions.State(d, d.Images[0]))
	}
	return w, r, d
}

func TestACaptionTypedWhileTheServiceWritesIsSentAfterwards(t *testing.T) {
	t.Parallel()
	w, r, d := openWriting(t)
	img := d.Images[0]
	if r.Captions.Sendable(img.ID) || r.Captions.Queue(img.ID) {
		t.Error("a caption that wasn't typed can be sent")
	}
	r.Captions.Type(d, img, "a fox of mine")
	if !r.Captions.Sendable(img.ID) || !r.Captions.Queue(img.ID) || r.Captions.Sendable(img.ID) || r.Captions.State(d, img) != remote.CaptionQueued {
		t.Errorf("it stands as %s", r.Captions.State(d, img))
	}
	if sent, err := r.Captions.Send(t.Context(), d, nil); err != nil || len(sent) != 0 {
		t.Errorf("before Bria's own is there, sent are %v, %v", sent, err)
	}
	looks := 0
	d, err := r.Captions.Await(t.Context(), d.ID, func(remote.Dataset) { looks++ })
	if err != nil || looks < 2 || d.Images[0].Caption != "a fox of mine" || d.Images[0].Source != remote.Manual {
		t.Errorf("after %d looks there is %+v, %v", looks, d, err)
	}
	if got := w.ask("images", in(d.ID)); !strings.Contains(got, "a fox of mine") || !strings.Contains(got, "manual") {
		t.Errorf("at Bria there is %s", got)
	}
	if _, typed := r.Captions.Typed(img.ID); typed || r.Captions.State(d, d.Images[0]) != remote.CaptionManual {
		t.Errorf("it is still to be sent: %s", r.Captions.State(d, d.Images[0]))
	}
}

func TestWhatIsTypedStaysWhileTheServiceWritesAndOutlivesARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, closing := w.open()
	d, err := r.Dataset(t.Context(), made.dataset)
	noError(t, err)
	r.Captions.Type(d, d.Images[0], "a fox, not finis")
	d, err = r.Captions.Await(t.Context(), made.dataset, nil)
	noError(t, err)
	img := d.Images[0]
	if img.Source != remote.Automatic || r.Captions.Text(img) != "a fox, not finis" || r.Captions.State(d, img) != remote.CaptionTyped {
		t.Errorf("what isn't told to be sent: %+v, %s", img, r.Captions.State(d, img))
	}
	noError(t, r.Captions.Save())
	closing()
	r, _ = w.open()
	if c, typed := r.Captions.Typed(made.image); !typed || c != (remote.Caption{Dataset: made.dataset, Text: "a fox, not finis"}) {
		t.Errorf("after a restart there is %+v", c)
	}
	r.Captions.Type(d, img, img.Caption)
	if _, typed := r.Captions.Typed(made.image); typed || r.Captions.State(d, img) != remote.CaptionService {
		t.Error("what is there counts as typed")
	}
}

func TestCaptioningAllAgainKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.2)
	made := w.fill()
	r, _ := w.open()
	d := settled(t, r, made.dataset)
	r.Captions.Type(d, d.Images[0], "typed before")
	if !r.Captions.Replaces(d.Images[0]) {
		t.Error("writing it anew takes nothing away")
	}
	noError(t, r.Drafts.RecaptionAll(t.Context(), made.dataset))
	d, err := r.Dataset(t.Context(), made.dataset)
	noError(t, err)
	if !d.Writing().Going || !d.Awaits(d.Images[0]) {
		t.Errorf("while Bria writes all anew it is told %+v", d)
	}
	d = settled(t, r, made.dataset)
	if d.Writing().Going || r.Captions.Text(d.Images[0]) != "typed before" || r.Captions.State(d, d.Images[0]) != remote.CaptionTyped {
		t.Errorf("then %+v", d)
	}
	noError(t, r.Drafts.Recaption(t.Context(), made.dataset, made.image))
	if _, typed := r.Captions.Typed(made.image); typed {
		t.Error("asked for anew, it is still typed")
	}
}

func TestACaptionThatCannotBeSentIsKeptUntilItIsToldToGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0.05)
	made := w.fill()
	r, _ := w.open()
	d := settled(t, r, made.dataset)
	noError(t, w.AddFault("bria PUT /tailored-gen/datasets/: status 403 x1"))
	r.Captions.Type(d, d.Images[0], "waits")
	r.Captions.Queue(made.image)
	if sent, err := r.Captions.Send(t.Context(), d, nil); err == nil || len(sent) != 0 {
		t.Fatalf("sent %v, %v", sent, err)
	}
	if r.Captions.State(d, d.Images[0]) != remote.CaptionUnsent || !r.Captions.Sendable(made.image) || len(r.Captions.Ready(d)) != 0 {
		t.Errorf("it stands as %s", r.Captions.State(d, d.Images[0]))
	}
	if sent, err := r.Captions.Send(t.Context(), d, nil); err != nil || len(sent) != 0 {
		t.Errorf("untold, sent are %v, %v", sent, err)
	}
	r.Captions.Resume(made.dataset)
	var told [][2]int
	sent, err := r.Captions.Send(t.Context(), d, func(done, of int) { told = append(told, [2]int{done, of}) })
	if err != nil || len(sent) != 1 || len(told) != 1 || told[0] != [2]int{0, 1} || d.With(sent).Images[0].Source != remote.Manual || d.Images[0].Source == remote.Manual {
		t.Errorf("sent %v, told %v, %v", sent, told, err)
	}
	d.Status = remote.Completed
	r.Captions.Type(d, d.Images[0], "too late")
	if r.Captions.State(d, d.Images[0]) != remote.CaptionLost || len(r.Captions.Ready(d)) != 0 {
		t.Errorf("in a completed dataset it stands as %s", r.Captions.State(d, d.Images[0]))
	}
}

// More that was typed while a caption was on its way stays.
func TestWhatIsTypedWhileACaptionIsOnItsWayStays(t *testing.T) {
	t.Parallel()
	d := remote.Dataset{ID: "4", Images: []remote.Image{{ID: "7", Source: remote.Automatic}}}
	var r *remote.Remote
	r = (&fake{answer: func(string, providers.Values) (string, error) {
		r.Captions.Type(d, d.Images[0], "a fox sits")
		return `{}`, nil
	}}).open(t)
	r.Captions.Type(d, d.Images[0], "a fox")
	r.Captions.Queue("7")
	sent, err := r.Captions.Send(t.Context(), d, nil)
	if c, typed := r.Captions.Typed("7"); err != nil || len(sent) != 1 || sent[0].Text != "a fox" || !typed || c.Text != "a fox sits" {
		t.Errorf("sent %v, left %+v, %v", sent, c, err)
	}
}

func TestCaptionsAreLookedForGently(t *testing.T) {
	t.Parallel()
	var pace remote.Pace
	last := time.Duration(0)
	for i := range 12 {
		next := pace.Next()
		if i == 0 && next != remote.PaceFirst || next < last || next > remote.PaceMost {
			t.Errorf("look %d comes after %s", i, next)
		}
		last = next
	}
	if last != remote.PaceMost || remote.PaceFirst < 10*time.Second {
		t.Errorf("looks begin after %s and go on each %s", remote.PaceFirst, last)
	}
	pace = remote.Pace{}
	if !pace.Passing(&providers.Failure{Kind: providers.RateLimited, RetryAfter: 3 * time.Minute}) || pace.Next() != 3*time.Minute {
		t.Error("what the service asks for isn't waited for")
	}
	if pace.Passing(&providers.Failure{Kind: providers.BadKey}) || pace.Passing(context.Canceled) {
		t.Error("what doesn't pass is waited out")
	}
}

func TestTroubleWhileCaptionsAreAwaitedIsWaitedOut(t *testing.T) {
	t.Parallel()
	busy := &providers.Failure{Kind: providers.RateLimited, RetryAfter: 25 * time.Second}
	answers := []any{
		`{"id":4,"images":[{"id":7,"caption_source":"pending"}]}`, busy, busy,
		`{"id":4,"images":[{"id":7,"caption":"a fox","caption_source":"automatic"}]}`,
	}
	f := &fake{answer: func(string, providers.Values) (string, error) {
		next := answers[0]
		answers = answers[1:]
		if err, failed := next.(error); failed {
			return "", err
		}
		return next.(string), nil
	}}
	service := bria.Service()
	var slept []time.Duration
	r, _ := openRoom(t, filepath.Join(t.TempDir(), "maquette.db"), remote.Config{
		Service: &service, Call: f.call, Sleep: func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil },
	})
	d, err := r.Captions.Await(t.Context(), "4", nil)
	if err != nil || d.Images[0].Caption != "a fox" || len(slept) != 3 || slept[1] < 25*time.Second {
		t.Errorf("%+v, %v after %v", d, err, slept)
	}
	answers = []any{busy}
	if _, err := r.Captions.Await(t.Context(), "4", nil); err == nil {
		t.Error("a dataset that was never read is waited for")
	}
}
