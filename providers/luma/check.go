// The rules that no single field holds: where Luma may call back to, and what
// a reframed picture spans.

package luma

import (
	"slices"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// checkReframe refuses only what can't be meant: Luma documents each number as
// optional and says nothing of how they depend on each other.
func checkReframe(values providers.Values) []providers.Problem {
	return slices.Concat(
		spanProblems(values, "x_start", "x_end"),
		spanProblems(values, "y_start", "y_end"),
		checkCallback(values),
	)
}

// mostPictures is how many pictures one job keeps track of.
const mostPictures = 10_000

// checkImage holds a batch to what Maquette can follow.
func checkImage(values providers.Values) []providers.Problem {
	problems := checkCallback(values)
	if n := values.Int("count"); values.Has("count") && (n < 1 || n > mostPictures) {
		problems = append(problems, providers.Problem{Field: "count", Message: providers.Say("must be 1 to %d, not %d", mostPictures, n)})
	}
	return problems
}

func spanProblems(values providers.Values, start, end string) []providers.Problem {
	if !values.Has(start) || !values.Has(end) || values.Int(end) > values.Int(start) {
		return nil
	}
	return []providers.Problem{{Field: end, Message: providers.Say("must be greater than %s", start)}}
}

func checkCallback(values providers.Values) []providers.Problem {
	if !values.Has("callback_url") {
		return nil
	}
	if err := httpapi.CheckCallback(values.Text("callback_url")); err != nil {
		return []providers.Problem{{Field: "callback_url", Message: providers.SentenceOf(err)}}
	}
	return nil
}
