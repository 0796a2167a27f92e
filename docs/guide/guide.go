// Package guide is the book: the pages of this folder, as Help shows them.
package guide

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed *.md pictures/*.jpg
var files embed.FS

// Start is the page that lists the others.
const Start = "README.md"

// Page is one file of the guide.
type Page struct {
	File     string // such as "train.md"
	Title    string
	Sections []Section // the first goes from the title to the first heading
}

// Section is what stands under a heading.
type Section struct {
	Anchor string // as GitHub makes it of the heading; "" for the page's first
	Title  string
	Blocks []Block
}

// Block is a paragraph, a list or a heading in Markdown, or a picture.
type Block struct {
	Text    string
	Picture string // such as "pictures/train.jpg"; "" for text
}

// Plain is the section's words without Markdown's marks, on one line.
func (s Section) Plain() string {
	var words []string
	for _, block := range s.Blocks {
		text := link.ReplaceAllString(block.Text, "$1")
		words = append(words, strings.Fields(strings.NewReplacer("**", "", "`", "", "#", "", "```", "").Replace(text))...)
	}
	return strings.Join(words, " ")
}

// Section is the one with that anchor, or -1.
func (p Page) Section(anchor string) int {
	return slices.IndexFunc(p.Sections, func(s Section) bool { return s.Anchor == anchor })
}

// Links are where the page's links lead, in their order.
func (p Page) Links() []string {
	var targets []string
	for _, section := range p.Sections {
		for _, block := range section.Blocks {
			for _, found := range link.FindAllStringSubmatch(block.Text, -1) {
				targets = append(targets, found[2])
			}
		}
	}
	return targets
}

// Leads reports whether a link on the page of that file leads to a page or a heading of the guide.
func Leads(from, target string) bool {
	file, anchor, _ := strings.Cut(target, "#")
	if file == "" {
		file = from
	}
	return slices.ContainsFunc(Pages(), func(p Page) bool { return p.File == file && (anchor == "" || p.Section(anchor) >= 0) })
}

// Pages are all pages: the one that lists them, then the others as it lists them.
var Pages = sync.OnceValue(func() []Page {
	pages := []Page{read(Start)}
	for _, target := range pages[0].Links() {
		file, _, _ := strings.Cut(target, "#")
		known := slices.ContainsFunc(pages, func(p Page) bool { return p.File == file })
		if strings.HasSuffix(file, ".md") && !strings.Contains(file, "/") && !known {
			pages = append(pages, read(file))
		}
	}
	return pages
})

// Picture is a picture's file, JPEG; nil where there is none.
func Picture(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	return content
}

var (
	link    = regexp.MustCompile(`\[([^\]]+)\]\(([^)]+)\)`)
	picture = regexp.MustCompile(`^!\[[^\]]*\]\(([^)]+)\)$`)
)

// read takes a page apart. A page that isn't there is empty: the tests say so.
func read(file string) Page {
	page := Page{File: file, Sections: []Section{{}}}
	content, err := files.ReadFile(file)
	if err != nil {
		return page
	}
	var text []string
	end := func() {
		if run := strings.TrimSpace(strings.Join(text, "\n")); run != "" {
			last := &page.Sections[len(page.Sections)-1]
			last.Blocks = append(last.Blocks, Block{Text: run})
		}
		text = nil
	}
	code := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		switch title, level := heading(line); {
		case line == "" && !code:
			end()
		case code || level == 0 && !picture.MatchString(line):
			text = append(text, line)
		case level == 1:
			page.Title, page.Sections[0].Title = title, title
			text = append(text, line)
		case level > 1:
			end()
			page.Sections = append(page.Sections, Section{Anchor: anchor(title), Title: title})
			text = append(text, line)
		default:
			end()
			last := &page.Sections[len(page.Sections)-1]
			last.Blocks = append(last.Blocks, Block{Picture: picture.FindStringSubmatch(line)[1]})
		}
	}
	end()
	return page
}

// heading is a line's title and its level, 0 for a line that is none.
func heading(line string) (title string, level int) {
	rest := strings.TrimLeft(line, "#")
	level = len(line) - len(rest)
	if level == 0 || !strings.HasPrefix(rest, " ") {
		return "", 0
	}
	return strings.TrimSpace(rest), level
}

// anchor is what GitHub makes of a heading: letters in lower case, digits and hyphens, and a hyphen for each space.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
