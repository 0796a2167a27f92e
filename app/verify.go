// Checking all that is kept.

package app

import (
	"context"
	"fmt"
	"os"
)

// Report is what Verify found.
type Report struct {
	Pictures int      `json:"pictures"`
	Models   int      `json:"models"`
	Damaged  []string `json:"damaged"`
}

// Verify checks the database and compares every stored picture with its hash
// and every downloaded model with its size.
func (s *Studio) Verify(ctx context.Context) (Report, error) {
	report := Report{Damaged: []string{}}
	if err := s.db.Check(); err != nil {
		return report, fmt.Errorf("checking the database: %w", err)
	}
	for _, p := range append(s.Library.Search(""), s.Library.Trash()...) {
		if ctx.Err() != nil {
			return report, context.Cause(ctx)
		}
		report.Pictures++
		if err := s.files.Verify(p.Hash, p.Ext); err != nil {
			report.Damaged = append(report.Damaged, fmt.Sprintf("picture %s: %v", p.ID, err))
		}
	}
	for _, m := range s.Models.List() {
		if m.File == "" {
			continue
		}
		report.Models++
		if info, err := os.Stat(s.Models.Path(m)); err != nil {
			report.Damaged = append(report.Damaged, fmt.Sprintf("model %s: its file is gone", m.ID))
		} else if m.Size > 0 && info.Size() != m.Size {
			report.Damaged = append(report.Damaged, fmt.Sprintf("model %s: has %d bytes instead of %d", m.ID, info.Size(), m.Size))
		}
	}
	return report, nil
}
