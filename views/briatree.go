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

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/views/kit"
)

func (p *briaPane) newTree() *widget.Tree {
	tree := widget.NewTree(
		p.children,
		func(id widget.TreeNodeID) bool { return id == "" || keyOf(id).Kind == remote.KindProject },
		func(bool) fyne.CanvasObject { return newBriaNode() },
		func(id widget.TreeNodeID, _ bool, node fyne.CanvasObject) {
			node.(*briaNode).show(p.describe(keyOf(id)))
		},
	)
	tree.OnSelected = func(id widget.TreeNodeID) { p.pick(keyOf(id)) }
	return tree
}

// keyOf names what a node stands for.
func keyOf(id widget.TreeNodeID) remote.Key {
	key, _ := remote.ParseKey(id)
	return key
}

func (p *briaPane) children(id widget.TreeNodeID) []widget.TreeNodeID {
	var ids []widget.TreeNodeID
	for _, key := range p.holdings.Children(keyOf(id)) {
		ids = append(ids, key.String())
	}
	return ids
}

// describe is a thing's name, its state in a few words, and its icon.
func (p *briaPane) describe(key remote.Key) (name, state string, icon fyne.Resource) {
	switch key.Kind {
	case remote.KindDataset:
		d, _ := p.holdings.Dataset(key.ID)
		return d.Name, p.datasetState(d), theme.NewThemedResource(theme.FolderIcon())
	case remote.KindModel:
		m, _ := p.holdings.Model(key.ID)
		return m.Name, kit.Dotted(briaWord(m.Version), modelState(m)), theme.NewThemedResource(assets.Models)
	}
	project, _ := p.holdings.Project(key.ID)
	state = kit.Dotted(briaWord(project.Type), briaWord(project.Medium))
	if project.Status != remote.Active {
		state = kit.Dotted(state, statusWord(project.Status))
	}
	return project.Name, state, theme.NewThemedResource(theme.AccountIcon())
}

func (p *briaPane) datasetState(d remote.Dataset) string {
	count, known := d.Size()
	if !known {
		count, known = p.counts[d.ID]
	}
	if !known {
		return statusWord(d.Status)
	}
	return kit.Dotted(statusWord(d.Status), kit.CountOf(count, lang.L("1 picture"), lang.L("%d pictures")))
}

func modelState(m remote.Model) string {
	if m.Status == remote.Completed {
		return lang.L("Trained")
	}
	return statusWord(m.Status)
}

// statusWord is how a thing stands in a person's words.
func statusWord(status remote.Status) string {
	switch status {
	case remote.Draft:
		return lang.L("Draft")
	case remote.Completed:
		return lang.L("Completed")
	case remote.Active:
		return lang.L("Active")
	case remote.Created:
		return lang.L("Not trained yet")
	case remote.InTraining:
		return lang.L("In training")
	case remote.Failed:
		return lang.L("Failed")
	case remote.Stopping:
		return lang.L("Stopping")
	case remote.Stopped:
		return lang.L("Stopped")
	}
	return briaWord(string(status))
}

// briaWord is one of Bria's words in a person's; a word that isn't documented
// stays as it is.
func briaWord(word string) string {
	switch word {
	case "light":
		return lang.L("Light version")
	case "max":
		return lang.L("Max version")
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
