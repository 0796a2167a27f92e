// Captions of a dataset's photos: one by one, and all at once.

package datasets

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

// SetCaption changes the caption of a dataset's photo. It fails with a
// *providers.Failure when the dataset or the photo is no longer there.
func (d *Datasets) SetCaption(dataset, hash, caption string) error {
	return d.changePhotos(dataset, func(photos []photo.Photo) ([]photo.Photo, error) {
		at := slices.IndexFunc(photos, func(p photo.Photo) bool { return p.Hash == hash })
		if at < 0 {
			return nil, &providers.Failure{
				Kind: providers.NotFound, Outcome: providers.NotSent,
				Message: providers.Say("The photo of this caption is no longer in its dataset"),
			}
		}
		photos[at].Caption = caption
		return photos, nil
	})
}

// SetCaptions changes captions, by the photos' hashes, and returns what they
// were: giving that back undoes it. Photos that are no longer there are left
// out.
func (d *Datasets) SetCaptions(dataset string, captions map[string]string) (before map[string]string, err error) {
	return d.rewriteCaptions(dataset, func(p photo.Photo) string {
		if caption, ok := captions[p.Hash]; ok {
			return caption
		}
		return p.Caption
	})
}

// ReplaceCaptions puts replace wherever find stands in a caption, letter by
// letter, and returns the captions it changed as they were. CountInCaptions
// says beforehand how often that is.
func (d *Datasets) ReplaceCaptions(dataset, find, replace string) (before map[string]string, err error) {
	return d.rewriteCaptions(dataset, func(p photo.Photo) string {
		if find == "" {
			return p.Caption
		}
		return strings.ReplaceAll(p.Caption, find, replace)
	})
}

// PrefixCaptions puts words in front of every caption that doesn't begin with
// them already, a space between, and returns the captions it changed as they
// were.
func (d *Datasets) PrefixCaptions(dataset, words string) (before map[string]string, err error) {
	return d.rewriteCaptions(dataset, func(p photo.Photo) string {
		if beginsWith(p.Caption, strings.TrimSpace(words)) {
			return p.Caption
		}
		return joined(words, p.Caption)
	})
}

// SuffixCaptions puts words behind every caption that doesn't end with them
// already, a space between unless they begin with punctuation, and returns the
// captions it changed as they were.
func (d *Datasets) SuffixCaptions(dataset, words string) (before map[string]string, err error) {
	return d.rewriteCaptions(dataset, func(p photo.Photo) string {
		if endsWith(p.Caption, strings.TrimSpace(words)) {
			return p.Caption
		}
		return joined(p.Caption, words)
	})
}

// beginsWith reports whether a caption begins with these words as words: "a"
// does not begin "apple".
func beginsWith(caption, words string) bool {
	rest, begins := strings.CutPrefix(caption, words)
	last, _ := utf8.DecodeLastRuneInString(words)
	next, _ := utf8.DecodeRuneInString(rest)
	return begins && (!ofWord(last) || !ofWord(next))
}

// endsWith reports whether a caption ends with these words as words.
func endsWith(caption, words string) bool {
	rest, ends := strings.CutSuffix(caption, words)
	first, _ := utf8.DecodeRuneInString(words)
	before, _ := utf8.DecodeLastRuneInString(rest)
	return ends && (!ofWord(first) || !ofWord(before))
}

// ofWord reports whether a word goes on over this rune.
func ofWord(r rune) bool {
	return r == '_' || unicode.In(r, unicode.L, unicode.M, unicode.N)
}

// joined is both texts with a space between where one is wanted.
func joined(a, b string) string {
	a, b = strings.TrimRightFunc(a, unicode.IsSpace), strings.TrimLeftFunc(b, unicode.IsSpace)
	if a == "" || b == "" || strings.ContainsAny(b[:1], ".,;:!?") {
		return a + b
	}
	return a + " " + b
}

// CountInCaptions is how many photos have find in their caption, and how often
// it stands there in all.
func CountInCaptions(photos []photo.Photo, find string) (captions, times int) {
	if find == "" {
		return 0, 0
	}
	for _, p := range photos {
		if n := strings.Count(p.Caption, find); n > 0 {
			captions++
			times += n
		}
	}
	return captions, times
}

func (d *Datasets) rewriteCaptions(dataset string, rewrite func(photo.Photo) string) (before map[string]string, err error) {
	before = map[string]string{}
	err = d.changePhotos(dataset, func(photos []photo.Photo) ([]photo.Photo, error) {
		for i, p := range photos {
			if caption := rewrite(p); caption != p.Caption {
				before[p.Hash] = p.Caption
				photos[i].Caption = caption
			}
		}
		return photos, nil
	})
	return before, err
}
