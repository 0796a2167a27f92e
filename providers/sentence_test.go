package providers_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

func TestASentenceSurvivesJSON(t *testing.T) {
	t.Parallel()
	failure := &providers.Failure{Message: providers.Say("Luma is in trouble (%d)", 503), Service: "try later"}
	for _, row := range []struct {
		said providers.Sentence
		want string // in English
		json string // "" for whatever
	}{
		{providers.Plain("100 % of 5%d"), "100 % of 5%d", `"100 % of 5%d"`},
		{providers.Sentence{}, "", `""`},
		{providers.Say("%d of %d images, %.1f MB", 2, int64(3), 1.0), "2 of 3 images, 1.0 MB", `{"text":"%d of %d images, %.1f MB","args":[2,3,{"float":"1"}]}`},
		{providers.Say("%s is %q, %v", providers.Running, 'é', true), "running is 'é', true", `{"text":"%s is %q, %v","args":["running",233,true]}`},
		{providers.Say("%g times in %v", 2.5, time.Minute), "2.5 times in 1m0s", ""},
		{
			providers.Say("It failed: %v", failure), "It failed: Luma is in trouble (503) (the service says: try later)",
			`{"text":"It failed: %v","args":[{"text":"%s (the service says: %s)","args":[{"text":"Luma is in trouble (%d)","args":[503]},"try later"]}]}`,
		},
		{providers.Say("%s: %s", "a", providers.Say("is required")), "a: is required", `{"text":"%s: %s","args":["a",{"text":"is required"}]}`},
		{providers.Say("not there: %v", fs.ErrNotExist), "not there: file does not exist", `{"text":"not there: %v","args":["file does not exist"]}`},
		{providers.Say("%d bytes", uint64(1)<<40), "1099511627776 bytes", ""},
	} {
		written, err := json.Marshal(row.said)
		if err != nil {
			t.Fatal(err)
		}
		var read providers.Sentence
		if err := json.Unmarshal(written, &read); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if row.said.String() != row.want || read.String() != row.want || !read.Equal(row.said) {
			t.Errorf("said %q, read back %q from %s; want %q", row.said, read, written, row.want)
		}
		if row.json != "" && string(written) != row.json {
			t.Errorf("written as %s, want %s", written, row.json)
		}
	}
}

func TestYesterdaysFailuresAreRead(t *testing.T) {
	t.Parallel()
	const stored = `{"kind":"no_credit","message":"Luma says there is not enough credit (402), 100 %","advice":"Add credit.","field":"x"}`
	var failure providers.Failure
	if err := json.Unmarshal([]byte(stored), &failure); err != nil {
		t.Fatal(err)
	}
	if failure.Message.String() != "Luma says there is not enough credit (402), 100 %" || failure.Advice.String() != "Add credit." {
		t.Errorf("read %+v", failure)
	}
	written, err := json.Marshal(failure)
	if err != nil || string(written) != stored {
		t.Errorf("written as %s: %v", written, err)
	}
	for _, broken := range []string{`7`, `{"text":"%s","args":[[1]]}`, `{"text":"%d","args":[1.5]}`, `{"text":"%d","args":[{"float":"x"}]}`} {
		var said providers.Sentence
		if err := json.Unmarshal([]byte(broken), &said); err == nil {
			t.Errorf("%s is read as %q", broken, said)
		}
	}
}

func TestASentenceIsTranslatedWithThoseInIt(t *testing.T) {
	t.Parallel()
	german := map[string]string{
		"%s of %s: %s": "%[3]s (%[1]s von %[2]s)", "is required": "fehlt", "100 %": "100 %", "Luma": "never asked for",
	}
	translate := func(english string) string { return german[english] }
	said := providers.Say("%s of %s: %s", "Luma", "x", providers.Say("is required"))
	if got := said.In(translate, fmt.Sprintf); got != "fehlt (Luma von x)" {
		t.Errorf("got %q", got)
	}
	if got := (providers.Sentence{}).In(func(string) string { return "something" }, fmt.Sprintf); got != "" {
		t.Errorf("nothing is translated as %q", got)
	}
}

func TestAnErrorKeepsItsSentenceAndItsCauses(t *testing.T) {
	t.Parallel()
	err := providers.Errorf("the model %s can't be read: %v", "m1", fs.ErrPermission)
	if !errors.Is(err, fs.ErrPermission) || err.Error() != "the model m1 can't be read: permission denied" {
		t.Errorf("got %v", err)
	}
	if said := providers.SentenceOf(err); said.English != "the model %s can't be read: %v" || len(said.Args) != 2 {
		t.Errorf("said %+v", said)
	}
	// What was put before it with fmt.Errorf isn't lost.
	wrapped := fmt.Errorf("closing: %w", err)
	if said := providers.SentenceOf(wrapped); said.String() != wrapped.Error() {
		t.Errorf("said %q", said)
	}
}
