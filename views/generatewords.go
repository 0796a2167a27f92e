// What the Generate tab says: prices, problems, how many pictures to expect.

package views

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/providers"
)

// estimateWords say what a task with these values will cost, "" when that isn't known.
func estimateWords(studio *app.Studio, task *providers.Task, values providers.Values) string {
	usd, known := studio.Prices.Estimate(task, values)
	if !known {
		return ""
	}
	return fmt.Sprintf(lang.L("About %s, an estimate"), money.Dollars(usd))
}

// problemWords say beside the button why nothing was sent; others are the problems that no field shows.
func problemWords(all, others []providers.Problem) string {
	var lines []string
	for _, problem := range others {
		lines = append(lines, say(problem.Sentence()))
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
