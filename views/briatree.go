// The tree of projects, with their datasets and models, and Bria's words for
// their states.

package views

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
)

func (p *briaPane) newTree() *widget.Tree {
	tree := widget.NewTree(
		p.children,
		func(id widget.TreeNodeID) bool { return id == "" || strings.HasPrefix(id, kindProject+"/") },
		func(bool) fyne.CanvasObject { return newBriaNode() },
		func(id widget.TreeNodeID, _ bool, node fyne.CanvasObject) {
			node.(*briaNode).show(p.describe(briaKey(id)))
		},
	)
	tree.OnSelected = func(id widget.TreeNodeID) { p.pick(briaKey(id)) }
	return tree
}

func (p *briaPane) children(id widget.TreeNodeID) []widget.TreeNodeID {
	var ids []widget.TreeNodeID
	if id == "" {
		for _, project := range p.holdings.projects {
			ids = append(ids, string(keyFor(kindProject, project.ID)))
		}
		return ids
	}
	kind, project := briaKey(id).parts()
	if kind != kindProject {
		return nil
	}
	for _, d := range p.holdings.datasets {
		if d.Project == project {
			ids = append(ids, string(keyFor(kindDataset, d.ID)))
		}
	}
	for _, m := range p.holdings.models {
		if m.Project == project {
			ids = append(ids, string(keyFor(kindModel, m.ID)))
		}
	}
	return ids
}

// describe is a thing's name, its state in a few words, and its icon.
func (p *briaPane) describe(key briaKey) (name, state string, icon fyne.Resource) {
	kind, id := key.parts()
	switch kind {
	case kindDataset:
		d, _ := p.holdings.dataset(id)
		return d.Name, p.datasetState(d), theme.NewThemedResource(theme.FolderIcon())
	case kindModel:
		m, _ := p.holdings.model(id)
		return m.Name, kit.Dotted(briaWord(m.Version), modelState(m)), theme.NewThemedResource(assets.Models)
	}
	project := p.holdings.project(id)
	state = kit.Dotted(briaWord(project.Type), briaWord(project.Medium))
	if !strings.EqualFold(project.Status, "active") {
		state = kit.Dotted(state, briaWord(project.Status))
	}
	return project.Name, state, theme.NewThemedResource(theme.AccountIcon())
}

func (p *briaPane) datasetState(d briaDataset) string {
	count, known := p.counts[d.ID]
	if d.Count != nil {
		count, known = *d.Count, true
	}
	if !known {
		return briaWord(d.Status)
	}
	return kit.Dotted(briaWord(d.Status), kit.CountOf(count, lang.L("1 image"), lang.L("%d images")))
}

func modelState(m briaModel) string {
	if m.is("completed") {
		return lang.L("Trained")
	}
	return briaWord(m.Status)
}

// briaWord is one of Bria's words in a person's; a word that isn't documented
// stays as it is.
func briaWord(word string) string {
	switch strings.ToLower(word) {
	case "draft":
		return lang.L("Draft")
	case "completed":
		return lang.L("Completed")
	case "active":
		return lang.L("Active")
	case "created":
		return lang.L("Not trained yet")
	case "inprogress", "in_progress":
		return lang.L("In training")
	case "failed":
		return lang.L("Failed")
	case "stopping":
		return lang.L("Stopping")
	case "stopped":
		return lang.L("Stopped")
	case "light":
		return lang.L("Light")
	case "max":
		return lang.L("Max")
	case "illustration":
		return lang.L("Illustration")
	case "photography":
		return lang.L("Photography")
	case "multi_object_set":
		return lang.L("Multi-object set")
	case "object_variants":
		return lang.L("Object variants")
	case "icons":
		return lang.L("Icons")
	case "defined_character":
		return lang.L("Defined character")
	case "character_variants":
		return lang.L("Character variants")
	case "stylized_scene":
		return lang.L("Stylized scene")
	case "other":
		return lang.L("Another type")
	}
	for _, first := range word {
		return string(unicode.ToUpper(first)) + strings.ReplaceAll(word[len(string(first)):], "_", " ")
	}
	return ""
}

// briaNode is one line of the tree: the name, and the state beneath.
type briaNode struct {
	widget.BaseWidget

	icon    *widget.Icon
	name    *widget.Label
	state   *kit.MutedText
	content fyne.CanvasObject
}

func newBriaNode() *briaNode {
	n := &briaNode{icon: widget.NewIcon(nil), name: widget.NewLabel(""), state: kit.NewMutedLine("")}
	n.name.Truncation = fyne.TextTruncateEllipsis
	lines := container.New(layout.NewCustomPaddedVBoxLayout(-14), n.name, n.state)
	n.content = container.NewBorder(nil, nil, container.NewCenter(n.icon), nil, lines)
	n.ExtendBaseWidget(n)
	return n
}

func (n *briaNode) show(name, state string, icon fyne.Resource) {
	n.icon.SetResource(icon)
	n.name.SetText(name)
	n.state.SetText(state)
}

// CreateRenderer shows the icon and both lines.
func (n *briaNode) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(n.content) }
