// Package filename makes file names of anything, such that every file system
// takes them: of prompts, of other files' names, of what services call things.
package filename

import (
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/norm"
)

// Longest is how many bytes a name has at most (ext4, APFS; 255 UTF-16 units,
// which NTFS and exFAT allow, are never fewer).
const Longest = 255

const (
	// readMost is how much of a text is looked at, bytes.
	readMost = 16 * Longest
	// longestExt is how many bytes after the last dot of a name are taken for
	// its extension; "safetensors" has 11.
	longestExt = 16
)

// Make is a file name of any text, with an extension (without its dot; "" for
// none). A text of which nothing can stand in a name is replaced by otherwise,
// a valid name. Names of different texts may be the same: see Numbered and Fold.
func Make(text, otherwise, ext string) string {
	if ext == "" {
		return Stem(text, otherwise, 0)
	}
	return Stem(text, otherwise, 1+len(ext)) + "." + ext
}

// Stem is the beginning of file names, made of any text as Make does, that
// leaves room bytes for what stands behind it: an extension with its dot.
func Stem(text, otherwise string, room int) string {
	stem := shorten(clean(text), Longest-room)
	if stem == "" {
		stem = otherwise
	}
	return unreserved(stem)
}

// Clean is a whole name with its extension, such as a person types it, as Make
// makes it.
func Clean(name, otherwise string) string {
	stem, ext := Split(name)
	if ext == "" {
		return Make(name, otherwise, "")
	}
	return Make(stem, otherwise, ext)
}

// Numbered is a valid name with a number before its extension, shortened where
// it would be too long: "fox (2).jpg".
func Numbered(name string, n int) string {
	stem, ext := Split(name)
	if ext != "" {
		ext = "." + ext
	}
	number := " (" + strconv.Itoa(n) + ")"
	return shorten(stem, Longest-len(number)-len(ext)) + number + ext
}

// Short is how many bytes a name has at most where file names are encrypted
// (eCryptfs) or archived for optical disks.
const Short = 143

// Fit is a valid name, shortened before its extension to at most so many bytes.
func Fit(name string, most int) string {
	if len(name) <= most {
		return name
	}
	stem, ext := Split(name)
	if ext != "" {
		ext = "." + ext
	}
	return unreserved(shorten(stem, most-len(ext))) + ext
}

// Split parts a name from its extension, which has no dot then. What stands
// behind the last dot is none where it is long, or is no word: "" then.
func Split(name string) (stem, ext string) {
	dotted := filepath.Ext(name)
	ext = strings.TrimPrefix(dotted, ".")
	if ext == "" || len(ext) > longestExt || strings.ContainsFunc(ext, func(r rune) bool { return !isWord(r) }) {
		return name, ""
	}
	return strings.TrimSuffix(name, dotted), ext
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
}

// clean is a text without what some file system or shell refuses or misreads,
// composed (NFC); "" where nothing of it can stand in a name.
func clean(text string) string {
	if len(text) > readMost {
		end := readMost
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	var b strings.Builder
	kept := false
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "\x00")) {
		out := inName(r)
		kept = kept || out == r && r != ' ' && r != '.'
		if out >= 0 {
			b.WriteRune(out)
		}
	}
	if !kept {
		return ""
	}
	name := strings.Trim(b.String(), " .")
	if dashes := len(name) - len(strings.TrimLeft(name, "-")); dashes > 0 {
		name = strings.Repeat("_", dashes) + name[dashes:] // no option of a command
	}
	return norm.NFC.String(name)
}

// dropped are characters that can't be seen, beside those of the category Cf:
// two names that look alike would differ.
const dropped = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"

// inName is what stands for a character in a name: itself, a space, an
// underscore, or nothing (-1).
func inName(r rune) rune {
	switch {
	case unicode.In(r, unicode.Cf) || strings.ContainsRune(dropped, r) || r >= 0x180b && r <= 0x180f:
		return -1 // bidi controls, joiners, zero-width spaces, tags
	case unicode.IsSpace(r):
		return ' '
	case strings.ContainsRune(`<>:"/\|?*`, r) || !unicode.IsGraphic(r):
		return '_'
	}
	return r
}

// shorten cuts a name to at most so many bytes, between what a person takes
// for characters.
func shorten(name string, most int) string {
	if len(name) <= most {
		return name
	}
	end := 0
	for each := graphemes.FromString(name); each.Next() && each.End() <= most; {
		end = each.End()
	}
	if end == 0 { // one letter under a tower of accents
		for end = most; end > 0 && !utf8.RuneStart(name[end]); {
			end--
		}
	}
	return strings.TrimRight(name[:end], " .")
}

// unreserved puts an underscore behind the name of a device: Windows takes
// "aux" for one, with any extension and with spaces before that (Microsoft,
// Naming Files, Paths, and Namespaces).
func unreserved(name string) string {
	first, rest, _ := strings.Cut(name, ".")
	first = strings.TrimRight(first, " ")
	if !isDevice(strings.ToUpper(first)) {
		return name
	}
	if rest == "" {
		return first + "_"
	}
	return first + "_." + rest
}

func isDevice(name string) bool {
	switch name {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	number, ok := strings.CutPrefix(name, "COM")
	if !ok {
		number, ok = strings.CutPrefix(name, "LPT")
	}
	digit, size := utf8.DecodeRuneInString(number)
	return ok && size > 0 && size == len(number) && strings.ContainsRune("0123456789¹²³", digit)
}
