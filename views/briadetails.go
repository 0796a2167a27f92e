// The details of a project and of a model at Bria, and what can be done with
// them.

package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// briaTitle is the name of what is shown, with a muted line beneath and the id
// beside it.
type briaTitle struct {
	name    *widget.Label
	state   *kit.MutedText
	id      *briaIDFact
	content fyne.CanvasObject
}

func newBriaTitle(w desk, name, state string, id remote.ID) *briaTitle {
	t := &briaTitle{name: kit.Heading(name), state: kit.NewMutedLine(state), id: newBriaIDFact(w)}
	t.name.Truncation = fyne.TextTruncateEllipsis
	t.id.show(string(id))
	words := container.New(layout.NewCustomPaddedVBoxLayout(-8), t.name, t.state)
	t.content = container.NewBorder(nil, nil, nil, container.NewVBox(t.id.content), words)
	return t
}

// briaIDFact is an id with a button that copies it.
type briaIDFact struct {
	id      *widget.Label
	content *fyne.Container
}

func newBriaIDFact(w desk) *briaIDFact {
	f := &briaIDFact{id: widget.NewLabel("")}
	f.id.Selectable = true
	copyID := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() { w.toClipboard(f.id.Text) })
	copyID.Importance = widget.LowImportance
	f.content = container.NewHBox(kit.NewCaptionLine(lang.L("Id at Bria")), f.id, copyID)
	return f
}

func (f *briaIDFact) show(id string) {
	f.id.SetText(id)
	kit.SetVisible(id != "", f.content)
}

// briaButtons are laid out in as many lines as they need.
func briaButtons(buttons ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(2, 6, 4, 4), container.New(layout.NewRowWrapLayout(), buttons...))
}

// briaFacts are names with values; those without a value are left out.
func briaFacts(rows ...[2]string) *fyne.Container {
	facts := container.New(layout.NewCustomPaddedVBoxLayout(-6))
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		text := kit.WrappedLabel()
		text.SetText(row[1])
		facts.Add(container.NewBorder(nil, nil, container.New(&kit.FixedWidth{Width: 120}, container.NewVBox(kit.NewCaption(row[0]))), nil, text))
	}
	return facts
}

// briaPage is a title, buttons and what follows, in a readable width.
func briaPage(objects ...fyne.CanvasObject) fyne.CanvasObject {
	column := container.New(kit.Column{Most: 760, Gap: 4}, objects...)
	return kit.FollowingFocus(container.NewVScroll(container.New(layout.NewCustomPaddedLayout(2, 10, 8, 10), column)))
}

func (p *briaPane) projectDetails(project remote.Project) fyne.CanvasObject {
	datasets, models := len(p.holdings.DatasetsOf(project.ID)), len(p.holdings.ModelsOf(project.ID))
	state := kit.Dotted(briaWord(project.Type), briaWord(project.Medium), statusWord(project.Status))
	dataset := widget.NewButtonWithIcon(lang.L("New dataset…"), theme.ContentAddIcon(), func() { p.newDataset(project) })
	dataset.Importance = widget.HighImportance
	train := widget.NewButtonWithIcon(lang.L("Train in this project…"), theme.NavigateNextIcon(), func() { p.trainIn(project) })
	edit := widget.NewButtonWithIcon(lang.L("Edit…"), theme.DocumentCreateIcon(), func() { p.editProject(project) })
	remove := widget.NewButtonWithIcon(lang.L("Delete…"), theme.DeleteIcon(), func() { p.askDelete(project.Key()) })
	return briaPage(
		newBriaTitle(p.desk, project.Name, state, project.ID).content,
		briaButtons(dataset, train, edit, remove),
		briaFacts(
			[2]string{lang.L("Note"), project.Note},
			[2]string{lang.L("Name"), project.Character},
			[2]string{lang.L("Looks like"), project.CharacterNote},
			[2]string{lang.L("Holds"), kit.Dotted(
				kit.CountOf(datasets, lang.L("1 dataset"), lang.L("%d datasets")),
				kit.CountOf(models, lang.L("1 model"), lang.L("%d models")))},
		),
	)
}

func (p *briaPane) newProject() {
	p.ask(briaOrder{
		title: lang.L("New project at Bria"), yes: lang.L("Create"), call: "project-create", size: briaFormLarge,
		then: p.made(remote.KindProject),
	})
}

// made selects what was made once it is listed.
func (p *briaPane) made(kind remote.Kind) func(remote.ID) {
	return func(id remote.ID) {
		p.wanted = remote.Key{Kind: kind, ID: id}
		p.reload()
	}
}

func (p *briaPane) editProject(project remote.Project) {
	p.ask(briaOrder{
		title: lang.L("Edit project"), yes: lang.L("Save"), call: "project-update", fields: remote.ProjectFields(project),
		known: map[string]any{
			"project_name": project.Name, "project_description": project.Note,
			"ip_name": project.Character, "ip_description": project.CharacterNote,
		},
		fixed: providers.Values{"project_id": string(project.ID)},
		then:  func(remote.ID) { p.reload() },
	})
}

func (p *briaPane) newDataset(project remote.Project) {
	p.ask(briaOrder{
		title: fmt.Sprintf(lang.L("New dataset in %s"), project.Name), yes: lang.L("Create"), call: "dataset-create",
		fields: []string{"name"}, fixed: providers.Values{"project_id": string(project.ID)},
		then: p.made(remote.KindDataset),
	})
}

func (p *briaPane) modelDetails(m remote.Model) fyne.CanvasObject {
	d, _ := p.holdings.Dataset(m.Dataset)
	return briaPage(
		newBriaTitle(p.desk, m.Name, kit.Dotted(briaWord(m.Version), modelState(m)), m.ID).content,
		briaButtons(p.modelButtons(m)...),
		briaFacts(
			[2]string{lang.L("Note"), m.Note},
			[2]string{lang.L("Dataset"), d.Name},
			[2]string{lang.L("Prompts begin with"), m.Prefix},
			[2]string{lang.L("Training"), standingWords(p.bria.Standing(p.holdings, m))},
		),
	)
}

// modelButtons are what can be done with a model.
func (p *briaPane) modelButtons(m remote.Model) (buttons []fyne.CanvasObject) {
	can := p.bria.ModelActions(p.holdings, m).Can
	if can(remote.Generate) {
		generate := widget.NewButtonWithIcon(lang.L("Generate with this"), theme.MediaPhotoIcon(), func() { p.generate(m) })
		generate.Importance = widget.HighImportance
		buttons = append(buttons, generate)
	}
	if m.Status == remote.Created {
		buttons = append(buttons, p.startButton(m, can(remote.Start)))
	}
	if can(remote.Stop) {
		buttons = append(buttons, widget.NewButtonWithIcon(lang.L("Stop training…"), theme.MediaStopIcon(), func() { p.stopTraining(m) }))
	}
	if can(remote.Train) {
		d, _ := p.holdings.Dataset(m.Dataset)
		buttons = append(buttons, widget.NewButtonWithIcon(lang.L("Train with this dataset…"), theme.NavigateNextIcon(), func() { p.train(d) }))
	}
	return append(buttons,
		widget.NewButtonWithIcon(lang.L("Edit…"), theme.DocumentCreateIcon(), func() { p.editModel(m) }),
		widget.NewButtonWithIcon(lang.L("Delete…"), theme.DeleteIcon(), func() { p.askDelete(m.Key()) }))
}

func (p *briaPane) editModel(m remote.Model) {
	p.ask(briaOrder{
		title: lang.L("Edit model"), yes: lang.L("Save"), call: "model-update", fields: []string{"name", "description"},
		known: map[string]any{"name": m.Name, "description": m.Note}, fixed: providers.Values{"model_id": string(m.ID)},
		then: func(remote.ID) { p.reload() },
	})
}

// generate opens Generate with the model, known to Maquette or not.
func (p *briaPane) generate(m remote.Model) {
	for _, known := range p.studio.Models.List() {
		if known.Service == briaService && known.RemoteID == string(m.ID) {
			p.host.generateWith(known.ID)
			return
		}
	}
	p.host.openTab(tabGenerate)
	p.host.fill(briaService+"/text-to-image", map[string]any{"model_id": string(m.ID)})
}
