// What is said about models: how long they are still there, and how far a download is.

package views

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
	"github.com/maquette-studio/maquette/views/kit"
)

// From these on a countdown is amber, then red.
const (
	expirySoon   = 12 * time.Hour
	expiryUrgent = 2 * time.Hour
)

// expiryWords is the time left until a model is gone from its service, as it
// matters: a model whose file is here can be let go.
func expiryWords(expires, now time.Time, here bool) (words string, importance widget.Importance) {
	if expires.IsZero() {
		return "", widget.MediumImportance
	}
	left := expires.Sub(now)
	words = lang.L("link expired")
	if left > 0 {
		words = fmt.Sprintf(lang.L("%s left"), durationWords(left))
	}
	switch {
	case here:
		return words, widget.LowImportance
	case left <= expiryUrgent:
		return words, widget.DangerImportance
	case left <= expirySoon:
		return words, widget.WarningImportance
	}
	return words, widget.MediumImportance
}

// aboutModel is the line under a model's title.
func aboutModel(m modelEntry) string {
	parts := []string{m.service}
	if kind := modelKind(m.Type); kind != "" {
		parts = append(parts, kind)
	}
	if m.Step > 0 {
		parts = append(parts, fmt.Sprintf(lang.L("step %s"), kit.Number(m.Step)))
	}
	if m.Size > 0 {
		parts = append(parts, bytesInWords(m.Size))
	}
	return strings.Join(parts, " · ")
}

// modelKind is what a model is, as its service says it by a word of its own.
func modelKind(kind string) string {
	switch kind {
	case "lora":
		return lang.L("LoRA")
	case "checkpoint":
		return lang.L("full model")
	}
	return kind
}

// downloadPace tells from how far a download was when, how long it will still
// take.
type downloadPace struct {
	began time.Time
	from  int64 // bytes
	last  time.Time
	bytes int64
}

func (p *downloadPace) note(now time.Time, bytes int64) {
	if p.began.IsZero() || bytes < p.from {
		p.began, p.from = now, bytes
	}
	p.last, p.bytes = now, bytes
}

// left is 0 while it can't be told.
func (p *downloadPace) left(size int64) time.Duration {
	took, came := p.last.Sub(p.began), p.bytes-p.from
	if took <= 0 || came <= 0 || size <= p.bytes {
		return 0
	}
	left := time.Duration(float64(took) / float64(came) * float64(size-p.bytes))
	return left.Round(time.Second)
}

// downloadWords say how far a download is.
func downloadWords(done, size int64, left time.Duration) string {
	if size <= 0 {
		return fmt.Sprintf(lang.L("Downloading, %s"), bytesInWords(done))
	}
	percent := int(100 * done / size)
	if left <= 0 {
		return fmt.Sprintf(lang.L("Downloading %d %%"), percent)
	}
	return fmt.Sprintf(lang.L("%d %%, %s left"), percent, durationWords(left))
}
