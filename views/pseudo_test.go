// A language that nobody speaks: every text a third longer, with accents and in brackets. What is seen without brackets was
// never handed to be translated; what doesn't fit now won't fit in German.

package views

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

var accents = strings.NewReplacer("a", "à", "e", "ë", "i", "î", "o", "ø", "u", "ü", "A", "Å", "E", "É", "O", "Ö", "U", "Ü", "n", "ñ", "c", "ç")

// anyVerb is what must stay in a text, and what parts it.
var anyVerb = regexp.MustCompile(`%[-+# 0\d.\[\]]*[a-zA-Z%]|\n`)

func pseudo(english string) string {
	if !strings.ContainsFunc(english, unicode.IsLetter) {
		return english
	}
	var out strings.Builder
	from := 0
	for _, at := range anyVerb.FindAllStringIndex(english, -1) {
		out.WriteString(accents.Replace(english[from:at[0]]) + english[at[0]:at[1]])
		from = at[1]
	}
	out.WriteString(accents.Replace(english[from:]))
	longer := ""
	for _, word := range []string{" øñë", " twø", " thrëë", " føür", " fîvë", " sîx", " sëvëñ"} {
		if len(longer) < len(english)/3 {
			longer += word
		}
	}
	return "[" + out.String() + longer + "]"
}

// speakPseudo has the window speak it until the test ends.
func speakPseudo(t *testing.T) (english map[string]string) {
	t.Helper()
	english = textsOf(t, "en")
	said := map[string]string{}
	for text := range english {
		said[text] = pseudo(text)
	}
	content, err := json.Marshal(said)
	if err == nil {
		err = toldFyne(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		content, err := locales.ReadFile(englishFile)
		if err == nil {
			err = toldFyne(content)
		}
		if err != nil {
			t.Error(err)
		}
	})
	return english
}

// seenText is a text where it is drawn.
type seenText struct {
	*canvas.Text
	right, room float32 // where it ends, and where it would be cut
}

// seenTexts are all texts in sight under an object; room is how far to the right it may draw.
func seenTexts(o fyne.CanvasObject, x, room float32, found *[]seenText) {
	if !o.Visible() {
		return
	}
	x += o.Position().X
	switch o := o.(type) {
	case *canvas.Text:
		*found = append(*found, seenText{o, x + o.MinSize().Width, min(room, x+o.Size().Width)})
	case *container.Scroll:
		seenTexts(o.Content, x, min(room, x+o.Size().Width), found)
	case *fyne.Container:
		for _, child := range o.Objects {
			seenTexts(child, x, room, found)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			seenTexts(child, x, room, found)
		}
	}
}

// reads looks at all that is in sight.
func reads(t *testing.T, where string, w *Window, english map[string]string) {
	t.Helper()
	c := w.Canvas()
	var found []seenText
	seenTexts(c.Content(), 0, c.Size().Width, &found)
	for _, over := range c.Overlays().List() {
		seenTexts(over, 0, c.Size().Width, &found)
	}
	said := map[string]bool{}
	for _, text := range found {
		if said[text.Text.Text] || strings.TrimSpace(text.Text.Text) == "" {
			continue
		}
		said[text.Text.Text] = true
		if _, listed := english[text.Text.Text]; listed && pseudo(text.Text.Text) != text.Text.Text {
			t.Errorf("%s: %q isn't translated", where, text.Text.Text)
		}
		if text.right > text.room+1 {
			t.Errorf("%s: %q is cut by %.0f", where, text.Text.Text, text.right-text.room)
		}
		// A choice that was made may end in dots: its list shows it whole.
		if cut := strings.TrimPrefix(text.Text.Text, "["); cut != text.Text.Text && strings.HasSuffix(cut, "…") && !strings.Contains(cut, "]") {
			t.Errorf("%s: %q ends in dots", where, text.Text.Text)
		}
	}
}

func TestNothingIsCutOrUntranslatedInALongerLanguage(t *testing.T) {
	english := speakPseudo(t)
	ui, w := openTrain(t)
	w.Resize(fyne.NewSize(1000, 700))
	for i, row := range declaredTabs() {
		w.openTab(i)
		ui.Drain()
		reads(t, row.title, w, english)
	}
	for name, show := range map[string]func(){
		"about": w.showAbout, "data folder": w.showDataFolder, "calls": func() { showCalls(w.desk, w) }, "check": func() { showCheck(w.desk) },
		"photos": w.addPhotos,
	} {
		show()
		ui.Drain()
		reads(t, name, w, english)
		for _, button := range viewtest.Find[*kit.Button](w.Canvas().Overlays().Top()) {
			if button.Text == pseudo("Cancel") || button.Text == pseudo("Close") {
				test.Tap(button)
				break
			}
		}
		if w.covered() {
			t.Fatalf("%s stays open", name)
		}
	}
}
