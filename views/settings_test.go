package views

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/zalando/go-keyring"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
)

// openOnSandbox opens Settings over a studio that is no demo: its services and
// bucket are those of a sandbox beside it, its keyring is made up.
func openOnSandbox(t *testing.T, env map[string]string) (*viewtest.UI, *Window, *sandbox.Sandbox) {
	t.Helper()
	keyring.MockInit()
	box, err := sandbox.Start(t.Context(), sandbox.Config{Dir: t.TempDir(), Pace: 0.05, MaxEdge: 96})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	variables := map[string]string{}
	for _, line := range box.Env() {
		if name, value, _ := strings.Cut(line, "="); strings.HasPrefix(name, "MAQUETTE_") && strings.HasSuffix(name, "_URL") {
			variables[name] = value
		}
	}
	for name, value := range env {
		variables[name] = value
	}
	delete(variables, "MAQUETTE_BUCKET_PUBLIC_URL")
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Tempo: 0.05, Env: func(name string) string { return variables[name] }})
	w.tabs.SelectIndex(tabSettings)
	return ui, w, box
}

func keyCard(w *Window, service string) (*keySection, fyne.CanvasObject) {
	section := w.settings.sections[service].(*keySection)
	return section, section.card
}

func TestAKeyIsSavedCheckedAndDeleted(t *testing.T) {
	ui, w, box := openOnSandbox(t, nil)
	section, card := keyCard(w, "luma")
	ui.Until("there is no key", func() bool { return viewtest.Says(card, "No key yet") })
	w.settings.selectAccount("luma")
	test.Type(section.entry, "\ufeffAuthorization: Bearer “"+box.Key("luma")+"”\u200b") // as it comes from a page
	viewtest.TapButton(t, card, "Save")
	if !section.result.busy.Visible() {
		t.Error("nothing turns while the key is saved")
	}
	ui.Until("it is kept", func() bool { return viewtest.Says(card, "Kept in the system's keyring") })
	if section.entry.Text != "" || slices.ContainsFunc(viewtest.LabelTexts(card), func(s string) bool { return strings.Contains(s, box.Key("luma")) }) {
		t.Error("the key is still shown")
	}
	viewtest.TapButton(t, card, "Check")
	ui.Until("it is accepted", func() bool { return viewtest.Says(card, "Key accepted") })
	viewtest.TapButton(t, card, "Delete")
	viewtest.TapPanelButton(t, dialogOf(t, w), "Delete")
	ui.Until("it is gone", func() bool { return viewtest.Says(card, "No key yet") })
}

func TestAWrongKeyIsSaidInWords(t *testing.T) {
	ui, w, _ := openOnSandbox(t, nil)
	section, card := keyCard(w, "luma")
	test.Type(section.entry, "luma-wrong")
	viewtest.TapButton(t, card, "Save")
	ui.Until("it is kept", func() bool { return viewtest.Says(card, "Saved.") && !section.check.Disabled() })
	viewtest.TapButton(t, card, "Check")
	ui.Until("it is refused", func() bool { return section.result.problem.Text() != "" })
	if words := section.result.problem.Text(); !strings.Contains(words, "key") || strings.Contains(words, "luma-wrong") {
		t.Errorf("it says %q", words)
	}
	test.Type(section.entry, "x")
	if section.result.Visible() {
		t.Error("what was said about the old key stays while another is typed")
	}
}

func TestAKeyFromTheEnvironmentCannotBeChangedHere(t *testing.T) {
	ui, w, _ := openOnSandbox(t, map[string]string{"LUMAAI_API_KEY": "luma-from-outside"})
	section, card := keyCard(w, "luma")
	ui.Until("it says where the key is", func() bool { return viewtest.Says(card, "Taken from LUMAAI_API_KEY") })
	if !section.entry.Disabled() || !section.remove.Disabled() || section.check.Disabled() {
		t.Error("only checking makes sense for a key from the environment")
	}
}

func TestWhereAKeyIsKept(t *testing.T) {
	for _, row := range []struct {
		where string
		demo  bool
		err   error
		says  string
	}{
		{"keyring", false, nil, "Kept in the system's keyring."},
		{"session", false, nil, "Kept for this session only: this system offers no keyring."},
		{"environment", false, nil, "Taken from A_KEY"},
		{"", false, nil, "No key yet."},
		{"session", true, nil, "The sandbox's own key"},
		{"", false, errors.New("the keyring is locked"), "The keyring is locked."},
	} {
		if got := keyPlaceWords(row.where, "A_KEY", row.demo, row.err); !strings.HasPrefix(got, row.says) {
			t.Errorf("for %+v it says %q", row, got)
		}
	}
}

func TestTheBucketIsSavedAndChecked(t *testing.T) {
	ui, w, box := openOnSandbox(t, nil)
	section := w.settings.sections[access.BucketAccount].(*bucketSection)
	set := box.Bucket()
	test.Type(section.endpoint, "http://storage.example.com")
	test.Type(section.name, set.Name)
	test.Type(section.access, set.AccessKey)
	test.Type(section.secret, set.SecretKey)
	viewtest.TapButton(t, section.card, "Save")
	ui.Until("plain http is refused", func() bool { return strings.Contains(section.result.problem.Text(), "use https") })

	section.endpoint.SetText(set.Endpoint)
	viewtest.TapButton(t, section.card, "Save")
	ui.Until("it is saved", func() bool { return viewtest.Says(section.card, "Saved.") && !section.check.Disabled() })
	viewtest.TapButton(t, section.card, "Check")
	ui.Until("it works", func() bool { return viewtest.Says(section.card, "LucyDream: works") })

	test.Type(section.secret, "wrong")
	viewtest.TapButton(t, section.card, "Save")
	ui.Until("the other secret is saved", func() bool { return viewtest.Says(section.card, "Saved.") && !section.check.Disabled() })
	viewtest.TapButton(t, section.card, "Check")
	ui.Until("the store refuses", func() bool { return section.result.problem.Text() != "" })
	if words := section.result.problem.Text(); strings.Contains(words, "wrong\"") || !strings.Contains(strings.ToLower(words), "key") {
		t.Errorf("it says %q", words)
	}
	viewtest.TapButton(t, section.card, "Delete")
	viewtest.TapPanelButton(t, dialogOf(t, w), "Delete")
	ui.Until("it is gone", func() bool { return section.endpoint.Text == "" && !section.edited })
}

func TestTheDemoNeedsNoSettings(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	ui.Until("it says so", func() bool { return viewtest.Says(w.settings.content, "The sandbox's own key") })
	if !viewtest.Says(w.settings.content, "This is the demo") {
		t.Errorf("the tab says %q", viewtest.LabelTexts(w.settings.content))
	}
	section := w.settings.sections[access.BucketAccount].(*bucketSection)
	if !section.endpoint.Disabled() {
		t.Error("the demo's bucket can be edited")
	}
	viewtest.TapButton(t, section.card, "Check")
	ui.Until("the sandbox's bucket works", func() bool { return viewtest.Says(section.card, "LucyDream: works") })
	_, card := keyCard(w, "luma")
	viewtest.TapButton(t, card, "Check")
	ui.Until("the sandbox's key is accepted", func() bool { return viewtest.Says(card, "Key accepted") })
}

func TestAddressesAreCheckedWhileTyping(t *testing.T) {
	keyring.MockInit()
	ui, w := openStudio(t, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
	w.tabs.SelectIndex(tabSettings)
	row := w.settings.others[2].(*addressSection).rows[0]
	for _, address := range []string{"http://api.example.com", "not an address", "https://user:word@example.com", "ftp://example.com"} {
		row.entry.SetText(address)
		if row.result.problem.Text() == "" || !row.save.Disabled() {
			t.Errorf("%q may be saved", address)
		}
	}
	row.entry.SetText("https://gateway.example.com/v1")
	if row.result.problem.Text() != "" {
		t.Fatalf("it says %q", row.result.problem.Text())
	}
	test.Tap(row.save)
	ui.Until("it is saved", func() bool {
		return w.studio.Access.BaseURL(row.service) == "https://gateway.example.com/v1" && !row.edited
	})
	row.entry.SetText("")
	test.Tap(row.save)
	ui.Until("it is the service's own again", func() bool { return w.studio.Access.BaseURL(row.service) == row.service.BaseURL })
}

func TestTheAppearanceAppliesAtOnce(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	choices := viewtest.Find[*widget.RadioGroup](w.settings.content)
	choice := choices[slices.IndexFunc(choices, func(group *widget.RadioGroup) bool { return slices.Contains(group.Options, "Dark") })]
	for _, row := range []struct {
		option string
		stored kit.Appearance
	}{{"Dark", kit.AppearanceDark}, {"Light", kit.AppearanceLight}} {
		choice.SetSelected(row.option)
		want := kit.NewTheme(row.stored).Color(theme.ColorNameBackground, theme.VariantDark)
		if got := fyne.CurrentApp().Settings().Theme().Color(theme.ColorNameBackground, theme.VariantDark); got != want {
			t.Errorf("%s shows the background %v, wanted %v", row.option, got, want)
		}
		ui.Until("it is kept", func() bool { return w.studio.Settings.Now().Appearance == string(row.stored) })
	}
}

func TestPricesAreReadAndKept(t *testing.T) {
	for _, row := range []struct {
		text string
		usd  float64
		ok   bool
	}{{"0.02", 0.02, true}, {"0,02", 0.02, true}, {"0", 0, true}, {"-1", 0, false}, {"NaN", 0, false}, {"1e9", 0, false}, {"two", 0, false}} {
		usd, err := parsePrice(row.text)
		if (err == nil) != row.ok || row.ok && *usd != row.usd {
			t.Errorf("%q is read as %v, %v", row.text, usd, err)
		}
	}
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	section := w.settings.others[1].(*priceSection)
	section.entries["luma/photon-1"].SetText("0.02")
	viewtest.TapButton(t, section.card, "Save")
	ui.Until("it is kept", func() bool { return w.studio.Settings.Now().Prices["luma/photon-1"] == 0.02 })
}

func TestAFailureInSettingsSaysWhatToDo(t *testing.T) {
	got := settingsProblem(&providers.Failure{Kind: providers.BadKey, Message: providers.Say("the key was refused"), Advice: providers.Say("Paste it again."), Service: "Unauthorized"})
	for _, part := range []string{"The key was refused.", "Paste it again.", "“Unauthorized”"} {
		if !strings.Contains(got, part) {
			t.Errorf("it says %q, without %q", got, part)
		}
	}
}

func TestTheWheelScrollsOverTextFields(t *testing.T) {
	ui, w := openDemo(t)
	w.tabs.SelectIndex(tabSettings)
	w.Resize(fyne.NewSize(900, 500))
	section, card := keyCard(w, "luma")
	ui.Until("the tab is filled", func() bool { return viewtest.Says(card, "The sandbox's own key") })
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(section.entry).AddXY(20, 10)
	test.Scroll(w.Canvas(), at, 0, -120)
	if w.settings.scroll.Offset.Y <= 0 {
		t.Error("the wheel over a text field moves nothing")
	}
}

func TestABucketIsFilledInFromTheClipboard(t *testing.T) {
	const account = "0123456789abcdef0123456789abcdef"
	_, w, _ := openOnSandbox(t, nil)
	section := w.settings.sections[access.BucketAccount].(*bucketSection)
	if section.endpoint.Visible() && section.guide.endpointLine.Visible() {
		t.Error("Cloudflare's endpoint is asked for, which its account tells")
	}
	fyne.CurrentApp().Clipboard().SetContent("hello")
	viewtest.TapButton(t, section.card, "Fill in from the clipboard")
	if !viewtest.Says(section.card, "Nothing on the clipboard is about a bucket") {
		t.Errorf("it says %q", viewtest.LabelTexts(section.card))
	}
	fyne.CurrentApp().Clipboard().SetContent("[r2]\naccess_key_id = ak\nsecret_access_key = sk\nendpoint = https://" + account + ".r2.cloudflarestorage.com/photos\n")
	viewtest.TapButton(t, section.card, "Fill in from the clipboard")
	if section.guide.account.Text != account || section.name.Text != "photos" || section.access.Text != "ak" || section.secret.Text != "sk" {
		t.Errorf("it fills in account %q, bucket %q, access key %q", section.guide.account.Text, section.name.Text, section.access.Text)
	}
	if section.save.Disabled() {
		t.Error("what was filled in can't be saved")
	}
	section.guide.choice.SetSelected("Amazon S3")
	if !section.guide.endpointLine.Visible() || !section.guide.regionLine.Visible() || section.guide.accountLine.Visible() {
		t.Error("Amazon's fields aren't those shown")
	}
}
