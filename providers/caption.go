// When a caption at a service is final, and what several lines of one are.

package providers

import "strings"

// CaptionStands says how the caption of a picture at a service stands, by its
// text, "" for none, and the word for who wrote it. One meaning for all: what
// awaits captions, shows them and asks about them.
func CaptionStands(text, source string) CaptionStanding {
	switch {
	case strings.EqualFold(strings.TrimSpace(source), "pending"):
		return CaptionComing
	case strings.TrimSpace(text) == "":
		return CaptionMissing
	}
	return CaptionThere
}

// CaptionStanding is how a caption stands.
type CaptionStanding string

// How captions stand.
const (
	CaptionComing  CaptionStanding = "coming"  // the service is writing it, and would replace another
	CaptionMissing CaptionStanding = "missing" // there is none, whatever the service says of it: it may still come
	CaptionThere   CaptionStanding = "there"
)

// CaptionLines are the lines of a caption that say something. Trainers write
// several as variants, of which each step of a training sees one.
func CaptionLines(caption string) []string {
	var lines []string
	for line := range strings.Lines(caption) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
