// What models' files are called.

package models

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/storage/filename"
)

// fileNameMost bounds a model's file name, bytes: what belongs to a download
// that isn't finished stands behind it.
const fileNameMost = 200

// fileName is readable and holds nothing a file system could misread.
func fileName(m Model) string {
	format := clean(cmp.Or(m.Format, "safetensors"))
	return cut(m.Service+"-"+clean(m.RemoteID), len(format)+1) + "." + format
}

// freeFileName is fileName, unless that is an older model's where cases aren't
// told apart: then a part of its id's checksum makes it another.
func (ms *Models) freeFileName(m Model) string {
	name := fileName(m)
	if !ms.hasOlder(m, name) {
		return name
	}
	sum := sha256.Sum256([]byte(m.ID))
	stem, format := filename.Split(name)
	end := "-" + hex.EncodeToString(sum[:6]) + "." + format
	return cut(stem, len(end)) + end
}

// hasOlder reports whether another model has a file of that name, or will.
func (ms *Models) hasOlder(m Model, name string) bool {
	return slices.ContainsFunc(ms.List(), func(o Model) bool {
		switch {
		case o.ID == m.ID:
			return false
		case o.File != "":
			return filename.Fold(o.File) == filename.Fold(name)
		}
		older := cmp.Or(o.Created.Compare(m.Created), cmp.Compare(o.ID, m.ID)) < 0
		return older && filename.Fold(fileName(o)) == filename.Fold(name)
	})
}

// clean keeps letters, digits, dashes and underscores.
func clean(text string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, text), "-")
}

// cut leaves room bytes in a file's name.
func cut(stem string, room int) string { return stem[:min(len(stem), fileNameMost-room)] }
