package filename_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/maquette-studio/maquette/storage/bounds"
	"github.com/maquette-studio/maquette/storage/filename"
)

func TestNamesThatEverySystemTakes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"red fox", "red fox.jpg"},
		{"aux", "aux_.jpg"},
		{"AuX ", "AuX_.jpg"},
		{"com1", "com1_.jpg"},
		{"COM¹", "COM¹_.jpg"},
		{"lpt0", "lpt0_.jpg"},
		{"nul.tar", "nul_.tar.jpg"},
		{"conin$", "conin$_.jpg"},
		{"COM10", "COM10.jpg"},
		{"auxiliary", "auxiliary.jpg"},
		{"a fox. . ", "a fox.jpg"},
		{" ..hidden", "hidden.jpg"},
		{"-rf", "_rf.jpg"},
		{"--help", "__help.jpg"},
		{`a<b>c:d"e/f\g|h?i*j`, "a_b_c_d_e_f_g_h_i_j.jpg"},
		{"one\r\ntwo\tthree", "one  two three.jpg"},
		{"bell\x07 \x7f", "bell_ _.jpg"},
		{"gpj\u202eexe", "gpjexe.jpg"},
		{"zero\u200bwidth\ufeff", "zerowidth.jpg"},
		{"wrong\xff\xfe", "wrong_.jpg"},
		{"e\u0301te\u0301", "été.jpg"},
		{"naïve 日本語 🦊", "naïve 日本語 🦊.jpg"},
		{"no\u00a0break", "no break.jpg"},
		{"", "photo.jpg"},
		{"...", "photo.jpg"},
		{"???", "photo.jpg"},
		{"\u200b \u202e", "photo.jpg"},
		{"___", "___.jpg"},
	} {
		if got := filename.Make(row.text, "photo", "jpg"); got != row.want {
			t.Errorf("Make(%q) = %q, want %q", row.text, got, row.want)
		}
	}
}

func TestLongNamesAreCutBetweenCharacters(t *testing.T) {
	t.Parallel()
	family := "👩\u200d👩\u200d👧" // joiners are dropped, and three people stay
	for text, want := range map[string]int{
		strings.Repeat("a", 251):         251 + len(".jpg"),
		strings.Repeat("a", 300):         filename.Longest,
		strings.Repeat("é", 200):         125*2 + len(".jpg"),
		"xx" + strings.Repeat("ab ", 90): 250 + len(".jpg"), // no space before the dot
		strings.Repeat(family, 40):       62*4 + len(".jpg"),
		"a" + strings.Repeat("🇩🇪", 50):   1 + 31*8 + len(".jpg"), // no flag is halved
		strings.Repeat("x\u0323", 100):   83*3 + len(".jpg"),
	} {
		got := filename.Make(text, "photo", "jpg")
		if len(got) != want {
			t.Errorf("%.20q… has %d bytes (%q), want %d", text, len(got), got, want)
		}
		wantValid(t, got)
	}
	wantValid(t, filename.Make("e"+strings.Repeat("\u0301", 400), "photo", "jpg"))
	long := filename.Make(strings.Repeat("é", 300), "photo", "safetensors")
	for _, n := range []int{2, 10_000} {
		numbered := filename.Numbered(long, n)
		wantValid(t, numbered)
		if !strings.HasSuffix(numbered, ").safetensors") {
			t.Errorf("%q has lost its ending", numbered)
		}
	}
	if got := filename.Numbered("red fox.png", 2); got != "red fox (2).png" {
		t.Errorf("got %q", got)
	}
}

func TestTypedNamesKeepTheirEnding(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fox.png":                         "fox.png",
		"con.png":                         "con_.png",
		"a:b.png":                         "a_b.png",
		"fox. A tale":                     "fox. A tale",
		strings.Repeat("a", 300) + ".png": strings.Repeat("a", 251) + ".png",
		"v1.5":                            "v1.5",
	} {
		if got := filename.Clean(name, "picture"); got != want {
			t.Errorf("Clean(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFoldedTextsAreEqualAsAPersonReadsThem(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Été", "e\u0301te\u0301"},
		{"STRASSE", "straße"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος"},
		{"Å", "a\u030a"},
		{"ǅ", "Ǆ"},
	} {
		if filename.Fold(pair[0]) != filename.Fold(pair[1]) {
			t.Errorf("%q and %q differ", pair[0], pair[1])
		}
	}
	if filename.Fold("ete") == filename.Fold("été") {
		t.Error("accents are lost")
	}
}

func FuzzMake(f *testing.F) {
	for _, seed := range []string{"", "aux", "COM¹ .x", "..", "a\u202eb", strings.Repeat("é", 300), "\xff\xfe", strings.Repeat("\x80", 5000), "e\u0301", "𝅘𝅥𝅮", "-\u200b-", "a.b.c.d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounds.Hold(t, bounds.Text, func() {
			made := filename.Make(text, "photo", "jpg")
			wantValid(t, made)
			if again := filename.Clean(made, "photo"); again != made {
				t.Errorf("%q becomes %q the second time", made, again)
			}
			wantValid(t, filename.Numbered(made, 12))
			wantValid(t, filename.Clean(text, "picture"))
			if once := filename.Fold(text); filename.Fold(once) != once && utf8.ValidString(text) {
				t.Errorf("%q is folded to %q and then to %q", text, once, filename.Fold(once))
			}
		})
	})
}

var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)`)

// wantValid holds a name to what the file systems of Windows, macOS and Linux allow.
func wantValid(t *testing.T, name string) {
	t.Helper()
	forbidden := strings.ContainsFunc(name, func(r rune) bool {
		return strings.ContainsRune(`<>:"/\|?*`, r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf) || r == utf8.RuneError
	})
	switch {
	case name == "" || !utf8.ValidString(name) || forbidden,
		len(name) > filename.Longest || len(utf16.Encode([]rune(name))) > filename.Longest,
		strings.Trim(name, " .") != name || strings.HasPrefix(name, "-"),
		device.MatchString(name),
		!norm.NFC.IsNormalString(name),
		!filepath.IsLocal(name) || filepath.Base(name) != name:
		t.Errorf("%q is no valid name", name)
	}
}
