package form

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/internal/viewtest"
	"github.com/maquette-studio/maquette/views/kit"
	"github.com/maquette-studio/maquette/views/picture"
)

// showForm shows a form of these fields in the window.
func showForm(t *testing.T, fields ...providers.Field) (*viewtest.UI, *Form) {
	t.Helper()
	ui := viewtest.Start(t)
	form := openForm(t, ui, app.Config{Dir: t.TempDir(), Env: func(string) string { return "" }})
	form.Scroll = container.NewVScroll(form.Content)
	form.SetFields(fields)
	form.host.Window.SetContent(form.Scroll)
	form.host.Window.Resize(fyne.NewSize(420, 700))
	return ui, form
}

// openForm makes a form over a studio of its own.
func openForm(t *testing.T, ui *viewtest.UI, cfg app.Config) *Form {
	t.Helper()
	studio, err := app.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w := ui.Window(widget.NewLabel(""), 420, 700)
	host := Host{Window: w, Studio: studio, Loader: picture.NewLoader(studio.Library.Thumbnail, 0), Drops: kit.NewDrops(w), Work: kit.NewWork()}
	t.Cleanup(func() {
		host.Work.Close()
		host.Loader.Close()
		if err := studio.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(host)
}

var everyKind = []providers.Field{
	{Key: "prompt", Label: "Prompt", Kind: providers.Prompt, Min: 3, Max: 20},
	{Key: "text", Label: "Text", Kind: providers.Text},
	{Key: "choice", Label: "Choice", Kind: providers.Choice, Default: "a", Options: []providers.Option{{Value: "a", Label: "First"}, {Value: "b"}}},
	{Key: "open", Label: "Open", Kind: providers.Choice, Open: true, Options: []providers.Option{{Value: "x", Label: "Known"}}},
	{Key: "int", Label: "Int", Kind: providers.Int, Default: int64(4), Min: 1, Max: 50},
	{Key: "weight", Label: "Weight", Kind: providers.Float, Default: 0.85, Min: 0, Max: 1},
	{Key: "rate", Label: "Rate", Kind: providers.Float, Default: 1e-6, Min: 1e-7, Max: 1e-3, Step: 1e-7},
	{Key: "yes", Label: "Yes", Kind: providers.Bool, Default: true},
	{Key: "seed", Label: "Seed", Kind: providers.Seed, Default: int64(-1), Min: -1, Max: 1 << 31},
	{Key: "image", Label: "Image", Kind: providers.Image},
	{Key: "model", Label: "Model", Kind: providers.Trained},
	{Key: "refs", Label: "References", Kind: providers.List, Max: 2, Items: []providers.Field{
		{Key: "image", Label: "Picture", Kind: providers.Image, Required: true},
		{Key: "weight", Label: "Weight", Kind: providers.Float, Default: 0.5, Min: 0, Max: 1},
	}},
}

func TestAFormHoldsValuesOfEveryKindAsTheyWereSet(t *testing.T) {
	_, form := showForm(t, everyKind...)
	want := map[string]any{
		"prompt": "a red fox", "text": "words", "choice": "b", "open": "x", "int": int64(7), "weight": 0.25,
		"rate": 5e-6, "yes": false, "seed": int64(42), "image": "https://example.com/a.jpg", "model": "ckpt-1",
		"refs": []providers.Values{{"image": "https://example.com/b.jpg", "weight": 0.1}, {"image": "https://example.com/c.jpg", "weight": 1.0}},
	}
	form.SetValues(want)
	got, problems := form.Values()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !reflect.DeepEqual(map[string]any(got), want) {
		t.Errorf("got %v, want %v", got, want)
	}
	form.SetValues(nil)
	got, _ = form.Values()
	defaults, _ := providers.Parse(everyKind, nil)
	if !reflect.DeepEqual(got, defaults) {
		t.Errorf("an emptied form holds %v, want the defaults %v", got, defaults)
	}
}

func TestTinyNumbersStandWithAnExponent(t *testing.T) {
	_, form := showForm(t, everyKind...)
	if got := form.Raw()["rate"]; got != "1e-06" {
		t.Errorf("the learning rate reads %v", got)
	}
	if got := form.Raw()["weight"]; got != "0.85" {
		t.Errorf("the weight reads %v", got)
	}
}

func TestAFieldSaysWhatIsWrongWhileOneTypes(t *testing.T) {
	_, form := showForm(t, everyKind...)
	entry := form.group.row("int").input.(*intInput).entry
	entry.SetText("99")
	if !viewtest.Says(form.Content, "must be 1 to 50, not 99") {
		t.Errorf("the form says %q", viewtest.LabelTexts(form.Content))
	}
	entry.SetText("9")
	if viewtest.Says(form.Content, "must be") {
		t.Errorf("the form still says %q", viewtest.LabelTexts(form.Content))
	}
}

func TestProblemsStandAtTheirFieldsAndTheFirstGetsTheKeyboard(t *testing.T) {
	fields := append(slices.Clone(everyKind), providers.Field{Key: "deep", Label: "Deep", Kind: providers.Int, Advanced: true})
	_, form := showForm(t, fields...)
	form.SetValues(map[string]any{"refs": []providers.Values{{"image": "https://example.com/a.jpg"}, {}}})
	if form.group.folded.Visible() {
		t.Fatal("the advanced fields are open at first")
	}
	others := form.Problems([]providers.Problem{
		{Field: "refs[1].image", Message: providers.Say("is required")},
		{Field: "deep", Message: providers.Say("is too deep")},
		{Field: "text", Message: providers.Say("is unkind")},
		{Field: "photos", Message: providers.Say("are missing")},
	})
	if len(others) != 1 || others[0].Field != "photos" {
		t.Errorf("not the form's own are %v", others)
	}
	if !form.group.folded.Visible() {
		t.Error("a problem of an advanced field stays hidden")
	}
	second := form.group.row("refs").input.(*listInput).items[1].group
	for row, want := range map[*fieldRow]string{
		form.group.row("text"): "Text is unkind", form.group.row("deep"): "Deep is too deep", second.row("image"): "Picture is required",
	} {
		if row.problem.Text != want || !row.problem.Visible() {
			t.Errorf("%s says %q, want %q", row.field.Key, row.problem.Text, want)
		}
	}
	focused := fyne.CurrentApp().Driver().CanvasForObject(form.Content).Focused()
	if focused != form.group.row("text").input.focus() {
		t.Errorf("the keyboard is at %T", focused)
	}
	form.Problems(nil)
	if second.row("image").problem.Visible() {
		t.Error("cleared problems still show")
	}
}

func TestFieldsShowWhileTheirConditionHolds(t *testing.T) {
	_, form := showForm(t,
		providers.Field{Key: "hrf", Label: "Fix", Kind: providers.Bool},
		providers.Field{
			Key: "strength", Label: "Strength", Kind: providers.Float, Default: 0.6, Min: 0, Max: 1,
			When: &providers.Condition{Key: "hrf", In: []string{"true"}},
		},
	)
	check := viewtest.Find[*widget.Check](form.Content)[0]
	strength := form.group.row("strength").box
	if strength.Visible() || form.Raw()["strength"] != nil {
		t.Error("the field shows without its condition")
	}
	test.Tap(check)
	if !strength.Visible() || form.Raw()["strength"] != "0.6" {
		t.Errorf("the field doesn't show with its condition; values %v", form.Raw())
	}
}

func TestAListTakesAsManyItemsAsItsFieldAllows(t *testing.T) {
	_, form := showForm(t, everyKind[len(everyKind)-1])
	changed := 0
	form.OnChanged = func() { changed++ }
	viewtest.TapButton(t, form.Content, "Add")
	viewtest.TapButton(t, form.Content, "Add another")
	list := form.group.row("refs").input.(*listInput)
	if len(list.items) != 2 || !list.add.Disabled() || list.add.Text != "At most 2" {
		t.Errorf("%d items, button %q", len(list.items), list.add.Text)
	}
	if !form.group.addPicture("https://example.com/a.jpg") || !form.group.addPicture("https://example.com/b.jpg") {
		t.Error("empty slots don't take pictures")
	}
	if form.group.addPicture("https://example.com/c.jpg") {
		t.Error("a full list takes one more")
	}
	list.remove(list.items[0])
	want := []map[string]any{{"image": "https://example.com/b.jpg", "weight": "0.5"}}
	if got := form.Raw()["refs"]; !reflect.DeepEqual(got, want) {
		t.Errorf("left are %v", got)
	}
	if changed == 0 {
		t.Error("nobody was told of changes")
	}
}

func TestWhatWasTypedComesBackWithItsField(t *testing.T) {
	prompt := providers.Field{Key: "prompt", Label: "Prompt", Kind: providers.Prompt}
	steps := providers.Field{Key: "steps", Label: "Steps", Kind: providers.Int, Default: int64(20), Min: 1, Max: 50}
	fewer := steps
	fewer.Max, fewer.Default = 10, int64(5)
	_, form := showForm(t, prompt, steps)
	form.SetValue("prompt", "a fox")
	form.SetValue("steps", int64(30))
	form.SetFields([]providers.Field{prompt, fewer})
	if got := form.Raw(); !maps.Equal(got, map[string]any{"prompt": "a fox", "steps": "5"}) {
		t.Errorf("in the other task's form stands %v", got)
	}
	form.SetFields([]providers.Field{prompt})
	form.SetFields([]providers.Field{prompt, steps})
	if got := form.Raw()["prompt"]; got != "a fox" {
		t.Errorf("the prompt came back as %v", got)
	}
}

func TestEveryTaskAndCallHasAFormThatHoldsItsDefaults(t *testing.T) {
	ui, form := showForm(t)
	check := func(name string, fields []providers.Field) {
		want, _ := providers.Parse(fields, nil)
		raw := form.Raw()
		for _, field := range fields {
			if field.Kind == providers.List {
				delete(raw, field.Key)
			}
		}
		got, _ := providers.Parse(fields, raw)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the form holds %v, want %v", name, got, want)
		}
		for _, field := range fields {
			if row := form.group.row(field.Key); row.applies && !field.Advanced && !viewtest.Says(form.Content, row.label()) {
				t.Errorf("%s: no label %q", name, row.label())
			}
		}
		form.group.setFolded(false)
		form.group.showHelp(true)
		form.group.showHelp(false)
		form.typed = map[string]any{}
	}
	for _, service := range form.host.Studio.Services() {
		for i := range service.Tasks {
			form.SetTask(&service.Tasks[i])
			check(service.Tasks[i].ID, service.Tasks[i].Fields)
		}
		for _, call := range service.Calls {
			form.SetFields(call.Fields)
			check(call.ID, call.Fields)
		}
	}
	ui.Drain()
}

// countedInput counts how often its value is read.
type countedInput struct {
	fieldInput
	reads int
}

func (c *countedInput) value() any {
	c.reads++
	return c.fieldInput.value()
}

func TestAKeystrokeIsParsedOnce(t *testing.T) {
	_, form := showForm(t, everyKind...)
	other := form.group.row("yes")
	counted := &countedInput{fieldInput: other.input}
	other.input = counted
	form.OnChanged = func() {
		form.Values()
		form.Order("some/task")
	}
	test.Type(form.Input("prompt"), "a fox")
	if counted.reads != len("a fox") {
		t.Errorf("the form was read %d times", counted.reads)
	}
	if values, _ := form.Values(); values.Text("prompt") != "a fox" {
		t.Errorf("it holds %v", values)
	}
}

func TestAnOrderCarriesWhatCouldNotBeParsed(t *testing.T) {
	_, form := showForm(t, everyKind...)
	form.SetValues(map[string]any{"prompt": "a fox", "int": "many", "refs": []providers.Values{{"image": "https://example.com/a.jpg", "weight": 7}}})
	order := form.Order("some/task")
	var wrong []string
	for _, problem := range order.Invalid {
		wrong = append(wrong, problem.Field)
	}
	if order.Task != "some/task" || order.Values.Text("prompt") != "a fox" || order.Values.Has("int") || !slices.Equal(wrong, []string{"int", "refs[0].weight"}) {
		t.Errorf("ordered is %+v", order)
	}
	if item := form.group.row("refs").input.(*listInput).items[0].group.row("weight"); !item.problem.Visible() {
		t.Error("the item doesn't say what is wrong with it")
	}
}

func TestNothingIsWrongWithAFieldThatDoesNotApply(t *testing.T) {
	_, form := showForm(t,
		providers.Field{Key: "hrf", Label: "Fix", Kind: providers.Bool},
		providers.Field{Key: "strength", Label: "Strength", Kind: providers.Float, Min: 0, Max: 1, Required: true, When: &providers.Condition{Key: "hrf", In: []string{"true"}}},
	)
	form.SetValue("strength", 7)
	if values, wrong := form.Values(); len(wrong) > 0 || values.Has("strength") {
		t.Errorf("it holds %v with %v", values, wrong)
	}
	form.SetValue("hrf", true)
	if _, wrong := form.Values(); len(wrong) != 1 {
		t.Errorf("wrong is %v", wrong)
	}
}

func TestAnItemsFieldsShowWhileTheirConditionHolds(t *testing.T) {
	_, form := showForm(t, providers.Field{Key: "groups", Label: "Groups", Kind: providers.List, Max: 2, Items: []providers.Field{
		{Key: "prompt", Label: "Prompt", Kind: providers.Prompt, Required: true},
		{Key: "fix", Label: "Fix", Kind: providers.Bool, Default: false},
		{Key: "strength", Label: "Strength", Kind: providers.Float, Default: 0.6, Min: 0, Max: 1, When: &providers.Condition{Key: "fix", In: []string{"true"}}},
	}})
	viewtest.TapButton(t, form.Content, "Add")
	item := form.group.row("groups").input.(*listInput).items[0]
	strength := item.group.row("strength")
	if strength.box.Visible() {
		t.Error("the field shows without its condition")
	}
	if _, wrong := form.Values(); len(wrong) != 1 || wrong[0].Field != "groups[0].prompt" {
		t.Errorf("wrong is %v", wrong)
	}
	test.Tap(item.group.row("fix").input.focus().(*widget.Check))
	if !strength.box.Visible() {
		t.Error("the field doesn't show with its condition")
	}
	if values, _ := form.Values(); values.List("groups")[0].Float("strength") != 0.6 {
		t.Errorf("it holds %v", values)
	}
}

func TestAnUnusualValueIsToldAndTaken(t *testing.T) {
	_, form := showForm(t, providers.Field{Key: "width", Label: "Width", Kind: providers.Int, Min: 512, Max: 1024, Soft: true},
		providers.Field{Key: "steps", Label: "Steps", Kind: providers.Int, Min: 4, Max: 20})
	form.SetValue("width", int64(448))
	row := form.group.row("width")
	if values, wrong := form.Values(); values.Int("width") != 448 || len(wrong) > 0 || !row.problem.Visible() || row.problem.Importance != widget.WarningImportance {
		t.Errorf("%v, %v: it says %q", values, wrong, row.problem.Text)
	}
	form.SetValue("width", int64(768))
	if row.problem.Visible() {
		t.Errorf("of a usual value it says %q", row.problem.Text)
	}
	form.SetValue("steps", int64(3))
	if _, wrong := form.Values(); len(wrong) != 1 || form.group.row("steps").problem.Importance != widget.DangerImportance {
		t.Errorf("a documented limit: %v", wrong)
	}
}

func TestATextIsLeftOrTakenAway(t *testing.T) {
	_, form := showForm(t, providers.Field{Key: "note", Label: "Note", Kind: providers.Text, Emptied: true})
	if values, _ := form.Values(); values.Has("note") {
		t.Error("a note that nobody touched is sent")
	}
	line := form.group.row("note").input.(*emptiedInput)
	test.Type(line.entry, "old")
	test.Tap(line.empty)
	if values, _ := form.Values(); !values.Has("note") || values.Text("note") != "" || !line.entry.Disabled() {
		t.Errorf("taken away: %v", values)
	}
	test.Tap(line.empty)
	if values, _ := form.Values(); values.Text("note") != "old" {
		t.Errorf("and back: %v", values)
	}
}
