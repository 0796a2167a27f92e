package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
)

// wantKept compares a job's only picture with what came.
func wantKept(t *testing.T, studio *app.Studio, job jobs.Job, body string) {
	t.Helper()
	wantState(t, job, providers.Done)
	if len(job.Images) != 1 {
		t.Fatalf("kept are %v", job.Images)
	}
	path, err := studio.Library.Export(job.Images[0], t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != body {
		t.Fatalf("%d bytes were kept of %d: %v", len(got), len(body), err)
	}
	sum := sha256.Sum256(got)
	if p, _ := studio.Library.Picture(job.Images[0]); p.Hash != hex.EncodeToString(sum[:]) || p.Bytes != int64(len(body)) {
		t.Errorf("the record says %+v", p)
	}
}

func TestWhatCannotBeShownIsKeptAsItCame(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	unknown := func(n int) string { return strings.Repeat(string([]byte{1, 2, 0xfe, 0xfd, byte(n)}), 300) }
	for _, row := range []struct {
		name                string
		served              []string
		kept                int // which of them is
		fetches             int
		unreadable, damaged bool
	}{
		{"an unknown kind, always the same", []string{unknown(0)}, 0, 2, true, false},
		{"other bytes each time", []string{unknown(1), unknown(2), unknown(3), unknown(4)}, 2, 3, true, false},
		{"a cut JPEG that stays so", []string{whole[:len(whole)/2]}, 0, 2, false, true},
		{"a cut JPEG, then the whole", []string{whole[:len(whole)/2], whole}, 1, 2, false, false},
		{"cuts of which one is best", []string{whole[:len(whole)/4], whole[:len(whole)*3/4], whole[:len(whole)/2]}, 1, 3, false, true},
		{"a whole one", []string{whole}, 0, 1, false, false},
		{"a page first", []string{"<html>sign in</html>", whole}, 1, 2, false, false},
		{"a cut one, then pages", []string{whole[:len(whole)/2], "<html>sign in</html>"}, 0, 3, false, true},
		{"a graphic instead of a JPEG", []string{"<svg viewBox='0 0 8 8'><script/></svg>"}, 0, 2, true, false},
		{"a page in Latin 1 first", []string{"<html>angemeldet f\xfcr sp\xe4ter</html>", whole}, 1, 2, false, false},
		{"an empty one, then an unknown kind", []string{"", unknown(5)}, 1, 3, true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			var served []func(http.ResponseWriter)
			for _, body := range row.served {
				served = append(served, content(body))
			}
			b := w.instead(served...)
			studio, _ := w.open()
			job := run(t, studio, fox())
			wantKept(t, studio, job, row.served[row.kept])
			p, _ := studio.Library.Picture(job.Images[0])
			if p.Unreadable.IsZero() == row.unreadable || p.Damaged.IsZero() == row.damaged || job.Note.IsZero() == (row.unreadable || row.damaged) {
				t.Errorf("the record says %+v, the job %q", p, job.Note)
			}
			if b.fetches() != row.fetches {
				t.Errorf("it was fetched %d times instead of %d", b.fetches(), row.fetches)
			}
			if w.Submissions("luma") != 1 {
				t.Errorf("%d paid requests", w.Submissions("luma"))
			}
		})
	}
}

// short promises more bytes than it sends, and closes.
func short(body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
		_, _ = io.WriteString(w, body)
	}
}

// A host may be wrong about a file's length for ever. What is whole by its own
// account is; of what isn't, a part that comes again and again is kept.
func TestAPictureIsKeptWhateverItsHostSaysOfItsLength(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	for _, row := range []struct {
		name    string
		served  []string // each shorter than promised
		then    string   // as it should be; "" for nothing
		fetches int
		kept    string
	}{
		{"a whole one", []string{whole}, "", 1, whole},
		{"always the same part", []string{whole[:6000]}, "", 3, whole[:6000]},
		{"a network that cuts, and then the whole", []string{whole[:5000], whole[:5000], whole[:7000], whole[:7000]}, whole, 5, whole},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			var served []func(http.ResponseWriter)
			for _, body := range row.served {
				served = append(served, short(body))
			}
			if row.then != "" {
				served = append(served, content(row.then))
			}
			b := w.instead(served...)
			studio, _ := w.open()
			job := run(t, studio, fox())
			wantKept(t, studio, job, row.kept)
			if b.fetches() != row.fetches || w.Submissions("luma") != 1 || job.Note.IsZero() == (row.kept != whole) {
				t.Errorf("fetched %d times, paid %d times, the job says %q", b.fetches(), w.Submissions("luma"), job.Note)
			}
		})
	}
}

// An answer that is neither a file nor a refusal ends nothing.
func TestAnOddAnswerForAPictureIsAskedAgain(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	for _, code := range []int{202, 204, 205, 300, 304} {
		w := newWorld(t)
		w.instead(status(code), content(whole))
		studio, _ := w.open()
		wantKept(t, studio, run(t, studio, fox()), whole)
	}
}

func TestAFlawedPictureIsKeptWhereItCannotBeFetchedAgain(t *testing.T) {
	cut := string(assets.Samples(1)[0].JPEG[:4000])
	for _, code := range []int{403, 404, 410, 500, 503} {
		w := newWorld(t)
		w.instead(content(cut), status(code))
		studio, _ := w.open()
		wantKept(t, studio, run(t, studio, fox()), cut)
	}
}

func TestWhatIsNoPictureIsFetchedByARetryUnpaid(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	for _, body := range []string{"", `{"error": "expired"}`, "<!DOCTYPE html><html>sign in</html>"} {
		w := newWorld(t)
		b := w.instead(content(body))
		studio, _ := w.open()
		job := run(t, studio, fox())
		wantState(t, job, providers.Failed)
		if job.Error.Kind != providers.BadResult || job.Error.Remedy.Code != providers.RetryJob || len(job.Images) != 0 {
			t.Fatalf("%+v", job.Error)
		}
		b.mu.Lock()
		b.served = []func(http.ResponseWriter){content(whole)}
		b.mu.Unlock()
		if _, _, err := studio.Jobs.Retry(t.Context(), job.ID); err != nil {
			t.Fatal(err)
		}
		wantKept(t, studio, wait(t, studio, job.ID), whole)
		if w.Submissions("luma") != 1 {
			t.Errorf("%d paid requests", w.Submissions("luma"))
		}
	}
}

// Each answer leads nowhere: the link is read anew, and its job goes on.
func TestALinkThatLeadsAstrayIsReadAnew(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	to := func(location string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
		}
	}
	for _, location := range []string{
		"https://pictures.no-such-host.invalid/a.png", "http://pictures.example/no-tls.png", "https://user:secret@pictures.example/a.png", "https://192.168.7.7/a.png", "ftp://pictures.example/a.png",
	} {
		w := newWorld(t)
		b := w.instead(to(location), to(location), content(whole))
		studio, stop := w.open()
		job := run(t, studio, fox())
		wantKept(t, studio, job, whole)
		if b.fetches() != 3 || w.Submissions("luma") != 1 {
			t.Errorf("%s: %d fetches, %d paid requests", location, b.fetches(), w.Submissions("luma"))
		}
		stop()
	}
}

// A host of files that answers with anything else than the file, though not
// with an error, hasn't got it just now.
func TestAnAnswerThatIsNotTheFileIsAskedForAgain(t *testing.T) {
	whole := string(assets.Samples(1)[0].JPEG)
	for _, status := range []int{201, 202, 204, 205, 206, 300, 302, 304, 305, 418, 451} {
		w := newWorld(t)
		plain := func(w http.ResponseWriter) { w.WriteHeader(status) }
		b := w.instead(plain, plain, content(whole))
		studio, stop := w.open()
		job := run(t, studio, fox())
		wantKept(t, studio, job, whole)
		if b.fetches() != 3 || w.Submissions("luma") != 1 {
			t.Errorf("%d: %d fetches, %d paid requests", status, b.fetches(), w.Submissions("luma"))
		}
		stop()
	}
}

func TestOthersAreKeptWhereOneCannotBeFetched(t *testing.T) {
	for _, fault := range []string{"html x6", "status 503 x8", "status 404 x8"} {
		w := newWorld(t, "assets /luma: "+fault)
		studio, _ := w.open()
		job := run(t, studio, foxes())
		if len(job.Images) != 1 {
			t.Errorf("%s: kept are %v; %+v", fault, job.Images, job.Error)
		}
	}
}

func TestADamagedPictureIsNoReference(t *testing.T) {
	w := newWorld(t)
	cut := string(assets.Samples(1)[0].JPEG[:4000])
	w.instead(content(cut))
	studio, _ := w.open()
	first := run(t, studio, fox())
	wantKept(t, studio, first, cut)
	order := fox()
	order.Values["image_ref"] = []map[string]any{{"image": first.Images[0], "weight": 0.5}}
	_, problems, err := studio.Jobs.Start(t.Context(), parsed(order))
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Message.String(), "damaged") {
		t.Fatalf("%v, %v", problems, err)
	}
	if w.Submissions("luma") != 1 {
		t.Errorf("%d paid requests", w.Submissions("luma"))
	}
}
