// Jobs in words: where one stands, how long it takes, what it was given.

package views

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/views/kit"
)

// jobTitle is what a person calls the job: its service and task.
func jobTitle(studio *app.Studio, job jobs.Job) string {
	task, service, ok := studio.Services().Task(job.Task)
	if !ok {
		return job.Task
	}
	return service.Title + " · " + kit.Local(task.Title)
}

// jobSubject is what the job is about, on one line: its prompt, or what a
// training calls its model; else its service and task.
func jobSubject(studio *app.Studio, job jobs.Job) string {
	task, _, ok := studio.Services().Task(job.Task)
	if !ok {
		return job.Task
	}
	kind := providers.Prompt
	if task.Kind != providers.Generate {
		kind = providers.Text
	}
	for _, field := range task.Fields {
		if field.Kind == kind {
			return cmp.Or(providers.Line(job.Values.Text(field.Key)), jobTitle(studio, job))
		}
	}
	return jobTitle(studio, job)
}

// stateWords say where a job stands, with what is known of progress.
func stateWords(job jobs.Job) string {
	counted := func(plain, counting string) string {
		if job.Status.Of > 0 {
			return fmt.Sprintf(counting, job.Status.Step, job.Status.Of)
		}
		return plain
	}
	if job.Held {
		return lang.L("Waiting (paused)")
	}
	if words := lackingWords(job.Status.Lacks); words != "" && !job.State.Ended() {
		return words
	}
	switch job.State {
	case providers.Queued:
		return lang.L("Waiting to begin")
	case providers.Preparing:
		return counted(lang.L("Preparing photos"), lang.L("Preparing photo %d of %d"))
	case providers.Uploading:
		return counted(lang.L("Uploading"), lang.L("Uploading %d of %d"))
	case providers.Submitting:
		return lang.L("Sending the request")
	case providers.Waiting:
		return lang.L("Queued at the service")
	case providers.Running:
		return runningWords(job.Status)
	case providers.Collecting:
		return counted(lang.L("Fetching results"), lang.L("Fetching result %d of %d"))
	case providers.Done:
		return lang.L("Done")
	case providers.Failed:
		return lang.L("Failed")
	case providers.Cancelled:
		return lang.L("Cancelled")
	case providers.NeedsYou:
		return lang.L("Needs you")
	}
	return string(job.State)
}

// lackingWords say what a job waits for that is away just now, "" for nothing.
func lackingWords(lacks providers.FailureKind) string {
	switch lacks {
	case providers.NoNetwork:
		return lang.L("Waiting for the connection")
	case providers.RateLimited:
		return lang.L("Waiting for its turn")
	case providers.ServiceTrouble:
		return lang.L("Waiting for the service")
	}
	return ""
}

func runningWords(status providers.Status) string {
	words := lang.L("Running")
	if status.Fraction >= 0 {
		words = fmt.Sprintf(lang.L("%d %%"), int(math.Round(status.Fraction*100)))
	}
	if status.Left > 0 {
		words += " · " + leftInWords(status.Left)
	}
	return words
}

// leftInWords says how long something still takes, roughly.
func leftInWords(left time.Duration) string {
	switch {
	case left < time.Minute:
		return lang.L("less than a minute left")
	case left < time.Hour:
		left += time.Minute - 1
	default:
		left = left.Round(10 * time.Minute)
	}
	return fmt.Sprintf(lang.L("about %s left"), durationWords(left))
}

// stateMark is the icon and the colour of a state.
func stateMark(state providers.State) (fyne.Resource, widget.Importance) {
	switch state {
	case providers.Done:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon()), widget.SuccessImportance
	case providers.Failed:
		return theme.NewErrorThemedResource(theme.ErrorIcon()), widget.DangerImportance
	case providers.NeedsYou:
		return theme.NewWarningThemedResource(theme.QuestionIcon()), widget.WarningImportance
	case providers.Cancelled:
		return theme.NewDisabledResource(theme.CancelIcon()), widget.MediumImportance
	}
	return theme.NewPrimaryThemedResource(theme.MediaPlayIcon()), widget.MediumImportance
}

// durationWords is a duration rounded down to what matters: 9 days, 42 h,
// 1 h 20 min, 5 min, 20 s.
func durationWords(d time.Duration) string {
	switch minutes := int(d.Minutes()) % 60; {
	case d >= 72*time.Hour:
		return fmt.Sprintf(lang.L("%d days"), int(d/(24*time.Hour)))
	case d >= 10*time.Hour, d >= time.Hour && minutes == 0:
		return fmt.Sprintf(lang.L("%d h"), int(d/time.Hour))
	case d >= time.Hour:
		return fmt.Sprintf(lang.L("%d h %d min"), int(d/time.Hour), minutes)
	case d >= time.Minute:
		return fmt.Sprintf(lang.L("%d min"), minutes)
	}
	return fmt.Sprintf(lang.L("%d s"), max(1, int(d/time.Second)))
}

// bytesInWords is a size as file managers show it.
func bytesInWords(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf(lang.L("%d bytes"), n)
	case n < 1000_000:
		return kit.Sprintf(lang.L("%.0f kB"), float64(n)/1e3)
	case n < 1000_000_000:
		return kit.Sprintf(lang.L("%.1f MB"), float64(n)/1e6)
	}
	return kit.Sprintf(lang.L("%.2f GB"), float64(n)/1e9)
}

// fact is one line of a description.
type fact struct{ name, value string }

// valueFacts are a job's values as its form shows them, leaving out what is as
// it was by default and rarely looked at.
func valueFacts(task *providers.Task, values providers.Values) []fact {
	var facts []fact
	for _, field := range task.Fields {
		value, set := values[field.Key]
		if !set || field.Advanced && fmt.Sprint(value) == fmt.Sprint(field.Default) {
			continue
		}
		facts = append(facts, fact{field.Label, valueWords(field, value)})
	}
	return facts
}

func valueWords(field providers.Field, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return lang.L("yes")
		}
		return lang.L("no")
	case []providers.Values:
		return itemWords(field, v)
	case string:
		for _, option := range field.Options {
			if option.Value == v && option.Label != "" {
				return option.Label
			}
		}
		if field.Kind == providers.Image {
			return lang.L("a picture")
		}
		return v
	}
	if field.Kind == providers.Seed && fmt.Sprint(value) == "-1" {
		return lang.L("random")
	}
	return fmt.Sprint(value)
}

// itemWords are a list's groups, each on a line.
func itemWords(field providers.Field, items []providers.Values) string {
	lines := make([]string, len(items))
	for i, item := range items {
		var parts []string
		for _, of := range field.Items {
			if value, set := item[of.Key]; set {
				parts = append(parts, of.Label+": "+valueWords(of, value))
			}
		}
		lines[i] = kit.Listed(parts...)
	}
	return strings.Join(lines, "\n")
}
