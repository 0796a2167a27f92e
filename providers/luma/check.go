// The rules that no single field holds: where Luma may call back to, and what
// a reframed picture spans.

package luma

import (
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// doubtReframe tells of bounds that enclose nothing; no document rules them out.
func doubtReframe(values providers.Values) []providers.Problem {
	return append(spanProblems(values, "x_start", "x_end"), spanProblems(values, "y_start", "y_end")...)
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
	return []providers.Problem{{Field: end, Message: providers.Say("is not greater than %s; no document says what becomes of that, and the service may refuse it", start)}}
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
