// Finding the photos among the files and folders a person picked or dropped.

package photo

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MaxGather is how many photos Gather takes at most.
const MaxGather = 2000

// Bounds on the walk itself, so that dropping a whole disk ends.
const (
	maxDepth   = 40
	maxEntries = 200_000
)

// formatOf knows the extensions of the formats that are read.
var formatOf = map[string]string{
	"jpg": formatJPEG, "jpeg": formatJPEG, "jpe": formatJPEG, "jfif": formatJPEG,
	"png": formatPNG, "apng": formatPNG, "webp": formatWebP,
	"heic": formatHEIC, "heif": formatHEIC, "hif": formatHEIC, "heics": formatHEIC, "heifs": formatHEIC,
	"avif": formatAVIF, "avifs": formatAVIF, "tif": formatTIFF, "tiff": formatTIFF,
}

// HasReadExtension reports whether a file is called as those are that are read.
func HasReadExtension(name string) bool { return formatOf[extensionOfName(name)] != "" }

// ReadExtensions are those, each with its dot.
func ReadExtensions() []string {
	extensions := make([]string, 0, len(formatOf))
	for ext := range formatOf {
		extensions = append(extensions, "."+ext)
	}
	slices.Sort(extensions)
	return extensions
}

// SameFormat reports whether files with these two extensions hold the same kind
// of picture.
func SameFormat(one, other string) bool {
	a, b := extensionOfName("x"+one), extensionOfName("x"+other)
	return a == b || formatOf[a] != "" && formatOf[a] == formatOf[b]
}

// otherPictures are extensions whose files a person takes for photos, so that
// leaving them out is said rather than silent.
var otherPictures = strings.Fields("gif bmp dib svg svgz jxl jp2 j2k jpf jpx jxr wdp hdp ico icns tga pcx ppm pgm pbm pnm dds exr hdr qoi mng jng djvu wmf emf")

// Gather finds the photos among paths, which may mix files and folders.
// Folders are walked all the way down, without what is hidden and what other
// programs leave in them; links are followed, each folder once. Files of kinds
// that aren't read (camera RAW, videos) are counted for each folder given. A file given by itself that is no usable picture
// is a problem with a name; one met in a folder is a problem only if its
// extension is a picture's. Files come in natural order ("2" before "10"),
// each once, at most MaxGather of them. Only the start of each file is read:
// Inspect may still reject it. When ctx ends, what was found so far is returned.
func Gather(ctx context.Context, paths []string) (files []string, problems []Rejected) {
	g := gatherer{ctx: ctx, seen: map[string]bool{}, counts: map[*counted]int{}}
	for _, path := range paths {
		g.given(path)
	}
	slices.SortFunc(g.files, naturalOrder)
	return g.files, g.problems
}

type gatherer struct {
	ctx      context.Context
	files    []string
	problems []Rejected
	seen     map[string]bool  // real paths of files taken and folders entered
	counts   map[*counted]int // in the folder given
	entries  int
	full     bool
}

func (g *gatherer) problem(path string, why *Rejected) {
	g.problems = append(g.problems, Rejected{Name: filepath.Base(path), Reason: why.Reason})
}

func (g *gatherer) given(path string) {
	if g.done() {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		g.problem(path, missing(path, err))
		return
	}
	if info.IsDir() {
		g.folder(path, 0)
		g.tellCounted(path)
		return
	}
	if why := raw(path); why != nil {
		g.problem(path, why)
		return
	}
	g.file(path)
}

func (g *gatherer) done() bool { return g.full || g.ctx.Err() != nil }

// first reports whether the file or folder behind path is met for the first
// time, whatever links lead to it.
func (g *gatherer) first(path string) bool {
	target, err := filepath.EvalSymlinks(path)
	if err == nil {
		target, err = filepath.Abs(target)
	}
	if err != nil {
		target = path
	}
	if g.seen[target] {
		return false
	}
	g.seen[target] = true
	return true
}

func (g *gatherer) folder(path string, depth int) {
	if !g.first(path) {
		return
	}
	if depth > maxDepth {
		g.problem(path, rejected("lies too deep in folders within folders; give it by itself"))
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		g.problem(path, unreadable(err))
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return naturalOrder(a.Name(), b.Name()) })
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	here := newListing(path, names)
	for _, entry := range entries {
		if g.done() {
			return
		}
		if g.entries++; g.entries > maxEntries {
			g.full = true
			g.problem(path, rejected("holds too much to look through; pick fewer folders"))
			return
		}
		if kind := kindOf(entry.Name()); kind != nil && !entry.IsDir() {
			g.counts[kind]++
			continue
		}
		if !strings.HasPrefix(entry.Name(), ".") {
			g.entry(here, names, entry.Name(), depth)
		}
	}
}

// entry looks at what a folder, with names in it, has under one of them.
func (g *gatherer) entry(here listing, names []string, name string, depth int) {
	path := filepath.Join(here.path, name)
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		if !here.isLeftover(name) && !here.isConditionFolder(name, names) && !isTrainersFolder(name, names) {
			g.folder(path, depth+1)
		}
		return
	}
	if !HasPictureExtension(name) || here.belongs(name) {
		return
	}
	if err != nil {
		g.problem(path, missing(path, err))
		return
	}
	g.file(path)
}

// HasPictureExtension reports whether a file is called as pictures are, those too
// that aren't read.
func HasPictureExtension(path string) bool {
	return HasReadExtension(path) || slices.Contains(otherPictures, extensionOfName(path))
}

func (g *gatherer) file(path string) {
	if !g.first(path) {
		return
	}
	if why := probe(path); why != nil {
		g.problem(path, why)
		return
	}
	if len(g.files) == MaxGather {
		g.full = true
		g.problem(path, rejected("and what follows is left out; at most %s photos are taken at once", thousands(MaxGather)))
		return
	}
	g.files = append(g.files, path)
}

// probe looks at the start of a file.
func probe(path string) *Rejected {
	f, err := openFile(path)
	if err != nil {
		return asRejected(err)
	}
	defer f.Close()
	head := make([]byte, sniffLen)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return unreadable(err)
	}
	_, why := sniff(head[:n])
	return why
}

func asRejected(err error) *Rejected {
	var why *Rejected
	if errors.As(err, &why) {
		return why
	}
	return unreadable(err)
}

// naturalOrder compares as people do: numbers by value, letters without case.
func naturalOrder(a, b string) int {
	x, y := strings.ToLower(a), strings.ToLower(b)
	for x != "" && y != "" {
		if isDigit(x[0]) && isDigit(y[0]) {
			var m, n string
			m, x = cutNumber(x)
			n, y = cutNumber(y)
			if c := cmp.Or(cmp.Compare(len(m), len(n)), cmp.Compare(m, n)); c != 0 {
				return c
			}
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(order(x[0]), order(y[0]))
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

// order puts a folder's content before names that merely start like it.
func order(c byte) int {
	if os.IsPathSeparator(c) {
		return -1
	}
	return int(c)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// cutNumber takes the leading digits, without leading zeros, off s.
func cutNumber(s string) (number, rest string) {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return strings.TrimLeft(s[:end], "0"), s[end:]
}
