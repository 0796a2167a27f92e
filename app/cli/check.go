// The check of everything that is kept.

package cli

import (
	"context"
	"fmt"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// check verifies the database and every stored picture.
func (c *command) check(ctx context.Context, _ []string) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	report, err := c.studio.Verify(ctx)
	if err != nil {
		return err
	}
	if err := c.sayReport(report); err != nil {
		return err
	}
	for _, line := range report.Damaged {
		fmt.Fprintln(c.Err, "maquette:", line)
	}
	if len(report.Damaged) > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

// reportLine is a report as scripts read it.
type reportLine struct {
	Pictures int      `json:"pictures"`
	Models   int      `json:"models"`
	Damaged  []string `json:"damaged"`
}

func joined(said []providers.Sentence) []string {
	texts := make([]string, len(said))
	for i, sentence := range said {
		texts[i] = sentence.String()
	}
	return texts
}

func (c *command) sayReport(report app.Report) error {
	if c.json {
		return c.printJSON(reportLine{report.Pictures, report.Models, joined(report.Damaged)})
	}
	_, err := fmt.Fprintf(c.Out, "%d pictures and %d models checked, %d damaged or missing.\n", report.Pictures, report.Models, len(report.Damaged))
	return err
}
