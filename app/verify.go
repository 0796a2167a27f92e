// Checking all that is kept.

package app

import (
	"context"
	"os"

	"github.com/maquette-studio/maquette/providers"
)

// Report is what Verify found.
type Report struct {
	Pictures int
	Models   int
	Damaged  []providers.Sentence
}

// Verify checks the database and compares every stored picture with its hash
// and every downloaded model with its size.
func (s *Studio) Verify(ctx context.Context) (Report, error) {
	var report Report
	if err := s.db.Check(); err != nil {
		return report, providers.Errorf("checking the database: %v", err)
	}
	for _, p := range append(s.Library.Search(""), s.Library.Trash()...) {
		if ctx.Err() != nil {
			return report, context.Cause(ctx)
		}
		report.Pictures++
		if err := s.files.Verify(p.Hash, p.Ext); err != nil {
			report.Damaged = append(report.Damaged, providers.Say("picture %s: %v", p.ID, err))
		}
	}
	for _, m := range s.Models.List() {
		if m.File == "" {
			continue
		}
		report.Models++
		if info, err := os.Stat(s.Models.Path(m)); err != nil {
			report.Damaged = append(report.Damaged, providers.Say("model %s: its file is gone", m.ID))
		} else if m.Size > 0 && info.Size() != m.Size {
			report.Damaged = append(report.Damaged, providers.Say("model %s: has %d bytes instead of %d", m.ID, info.Size(), m.Size))
		}
	}
	return report, nil
}
