// The check of everything that is kept, and its repair.

package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/providers"
)

// check looks at all that is kept and, with --repair, mends what can be mended,
// a database that doesn't open included.
func (c *command) check(ctx context.Context, _ []string) error {
	var printed error
	err := c.open(ctx)
	if damage, is := app.DamageOf(err); is {
		mended, why := c.mend(damage)
		printed = c.sayFinding(mended)
		if mended.Remains() {
			return why
		}
		err = c.open(ctx)
	}
	if err != nil {
		return err
	}
	report, err := c.studio.Check(ctx, app.Checking{Repair: c.repair, Found: func(f app.Finding) {
		if printed == nil {
			printed = c.sayFinding(f)
		}
	}})
	if err != nil {
		return err
	}
	if printed == nil {
		printed = c.sayReport(report)
	}
	if printed != nil {
		return printed
	}
	if len(report.Remaining()) > 0 {
		return exitError(ExitFailed)
	}
	return nil
}

// mend puts another database in the place of a damaged one, where --repair was
// given. The error is why it didn't.
func (c *command) mend(damage app.Damage) (app.Finding, error) {
	f := app.Finding{Kind: app.KindDatabase, ID: "maquette.db", State: app.Damaged, Message: providers.Say("The database can't be opened: %v", damage.Cause)}
	if !c.repair {
		c.sayDamage(damage)
		return f, exitError(ExitFailed)
	}
	replace := damage.Rebuild
	f.Message = providers.Say("The database was damaged and there was no good backup. A new one takes its place; pictures and models come back from their files, jobs don't.")
	if b := damage.Backup; b != nil {
		replace = damage.Restore
		f.Message = providers.Say("The database was damaged. The backup of %s takes its place, with %d jobs, %d pictures and %d models.",
			b.Made.Local().Format(time.DateTime), b.Jobs, b.Pictures, b.Models)
	}
	mended, err := replace()
	if err != nil {
		f.Message = providers.SentenceOf(err)
		return f, err
	}
	f.State = app.Repaired
	if mended.Aside != "" {
		f.Message = providers.Say("%s The damaged file is kept as %s.", f.Message, mended.Aside)
	}
	return f, nil
}

// sayDamage prints what can be done about a database that doesn't open.
func (c *command) sayDamage(damage app.Damage) {
	if b := damage.Backup; b != nil {
		fmt.Fprintf(c.Err, "  “maquette check --repair” puts the newest good backup in its place, of %s, with %d jobs, %d pictures and %d models.\n",
			b.Made.Local().Format(time.DateTime), b.Jobs, b.Pictures, b.Models)
	} else {
		fmt.Fprintf(c.Err, "  There is no good backup. “maquette check --repair” makes a new database of the %d pictures and %d models beside it; jobs are lost.\n", damage.Files, damage.Models)
	}
	fmt.Fprintln(c.Err, "  Nothing was sent. The damaged file is kept, and nothing is paid again.")
}

// findingLine is a finding as scripts read it.
type findingLine struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	State   string `json:"state"` // damaged, repaired, quarantined, lost, or unused, which is no damage
	Message string `json:"message"`
}

func lineOf(f app.Finding) findingLine {
	return findingLine{f.Kind, f.ID, string(f.State), f.Message.String()}
}

// sayFinding prints a finding; what remains damaged on stderr, where people look.
func (c *command) sayFinding(f app.Finding) error {
	text := fmt.Sprintf("%s %s %s: %s", f.State, f.Kind, f.ID, f.Message)
	if f.Remains() {
		fmt.Fprintln(c.Err, "maquette:", text)
	}
	if c.json {
		return c.printJSON(lineOf(f))
	}
	if f.Remains() {
		return nil
	}
	_, err := fmt.Fprintln(c.Out, text)
	return err
}

// reportLine is a report as scripts read it: the last line.
type reportLine struct {
	findingLine

	Records    int      `json:"records"`
	Pictures   int      `json:"pictures"`
	Photos     int      `json:"photos"`
	Models     int      `json:"models"`
	Thumbnails int      `json:"thumbnails"`
	Backups    int      `json:"backups"`
	Damaged    []string `json:"damaged"` // what remains so
}

func (c *command) sayReport(report app.Report) error {
	remaining := report.Remaining()
	text := fmt.Sprintf("%d records, %d pictures, %d photos, %d models, %d thumbnails and %d backups checked; %d repaired, %d damaged or missing.",
		report.Records, report.Pictures, report.Photos, report.Models, report.Thumbnails, report.Backups, report.Repaired(), len(remaining))
	if !c.json {
		if _, err := fmt.Fprintln(c.Out, text); err != nil {
			return err
		}
		if len(remaining) > 0 && !c.repair {
			fmt.Fprintln(c.Err, "  “maquette check --repair” mends what can be mended, at no cost.")
		}
		return nil
	}
	line := reportLine{
		findingLine: findingLine{Kind: "summary", State: "ok", Message: text},
		Records:     report.Records, Pictures: report.Pictures, Photos: report.Photos, Models: report.Models,
		Thumbnails: report.Thumbnails, Backups: report.Backups, Damaged: []string{},
	}
	for _, f := range remaining {
		line.State = string(app.Damaged)
		line.Damaged = append(line.Damaged, fmt.Sprintf("%s %s: %s", f.Kind, f.ID, f.Message))
	}
	return c.printJSON(line)
}
