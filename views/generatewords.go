// What the Generate tab says: prices, problems, how many pictures to expect.

package views

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// estimateWords say what a task with these values will cost, "" when that isn't known.
func estimateWords(studio *app.Studio, task *providers.Task, raw map[string]any) string {
	if task.Estimate == nil {
		return ""
	}
	values, _ := providers.Parse(task.Fields, raw)
	total := 0.0
	for _, charge := range task.Estimate(values) {
		price, known := priceOf(studio, task, charge.Price)
		if !known {
			return ""
		}
		total += price * float64(charge.Count)
	}
	if total == 0 {
		return ""
	}
	return fmt.Sprintf(lang.L("About %s, an estimate"), dollars(total))
}

// priceOf is what a person set in Settings, or else what the service declares, in US dollars.
func priceOf(studio *app.Studio, task *providers.Task, key string) (float64, bool) {
	if set, is := studio.Settings.Now().Prices[key]; is {
		return set, true
	}
	_, service, _ := studio.Services().Task(task.ID)
	for _, price := range service.Prices {
		if price.Key == key {
			return price.USD, true
		}
	}
	return 0, false
}

func dollars(amount float64) string {
	if amount < 0.1 {
		return strings.TrimSuffix(fmt.Sprintf("$%.3f", amount), "0")
	}
	return fmt.Sprintf("$%.2f", amount)
}

// problemWords say beside the button why nothing was sent; others are the problems that no field shows.
func problemWords(all, others []providers.Problem) string {
	var lines []string
	for _, problem := range others {
		lines = append(lines, problem.Error())
	}
	if marked := len(all) - len(others); marked > 0 {
		text := lang.L("One field needs a look. Nothing was sent.")
		if marked > 1 {
			text = fmt.Sprintf(lang.L("%d fields need a look. Nothing was sent."), marked)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// expectedPictures is how many pictures a job will bring; 0 when that isn't known.
func expectedPictures(studio *app.Studio, job jobs.Job) int {
	task, _, ok := studio.Services().Task(job.Task)
	if !ok || task.Pictures == nil {
		return 0
	}
	return task.Pictures(job.Values)
}
