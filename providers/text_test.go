package providers_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/bounds"
)

func TestWhatIsShownDoesNothingElse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain\ttext\nfox 🦊 é":                    "plain\ttext\nfox 🦊 é",
		"\x1b]0;owned\x07a\u009b31m\u202ecod.exe": "]0;owneda31mcod.exe",
		"\xff\xfe": "\uFFFD",
		"see https://a.example/x?X-Amz-Signature=abc&y=1 or http://b.example/?page=2": "see https://a.example/x or http://b.example/?page=2",
		"https://c.blob.example/p?sv=1&sig=abc":                                       "https://c.blob.example/p",
		"https://d.example/?Expires=1&Key-Pair-Id=2":                                  "https://d.example/",
	} {
		if got := providers.Shown(text); got != want {
			t.Errorf("%q is shown as %q instead of %q", text, got, want)
		}
		for _, sentence := range []providers.Sentence{providers.Say("%s", text), providers.Say("%v", errors.New(text)), providers.Plain(text), {English: "%s", Args: []any{text}}} {
			if got := sentence.String(); got != want {
				t.Errorf("%q is said as %q instead of %q", text, got, want)
			}
		}
	}
	long := providers.Shown(strings.Repeat("é", 5<<20))
	if n := utf8.RuneCountInString(long); n > 2100 || !strings.HasSuffix(long, "…") {
		t.Errorf("%d characters of a long text are shown", n)
	}
}

func TestALineIsShort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Paper fox": "Paper fox", " two\nlines\tand\r\n more\x1b[0m ": "two lines and more[0m", "": "",
		"https://a.example/x?sig=1 fox": "https://a.example/x fox", strings.Repeat("é", 5<<20): strings.Repeat("é", 500) + "…",
	} {
		if got := providers.Line(text); got != want {
			t.Errorf("%.40q is the line %.600q", text, got)
		}
	}
}

func FuzzShown(f *testing.F) {
	for _, seed := range []string{"a fox", "\x1b[31m", "https://a.example/x?sig=1", "\xff", "\u202e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounds.Hold(t, bounds.Text, func() {
			shown := providers.Shown(text)
			if strings.ContainsFunc(shown, providers.Unprintable) || !utf8.ValidString(shown) {
				t.Errorf("%q is shown as %q", text, shown)
			}
			said := providers.Say("it says %s", text)
			written, err := json.Marshal(said)
			var back providers.Sentence
			if err != nil || json.Unmarshal(written, &back) != nil || back.String() != said.String() {
				t.Errorf("%q is read back as %q: %v", said, back, err)
			}
		})
	})
}
