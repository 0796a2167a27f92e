// The rules of reframing that span fields.

package luma

import (
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

// checkReframe asks that each pair of numbers is whole, spans something, and
// agrees with the size that the picture is brought to.
func checkReframe(values providers.Values) []providers.Problem {
	problems := slices.Concat(
		pairProblems(values, "grid_position_x", "grid_position_y"),
		pairProblems(values, "resized_width", "resized_height"),
		spanProblems(values, "x_start", "x_end", "resized_width"),
		spanProblems(values, "y_start", "y_end", "resized_height"),
	)
	for _, key := range []string{"resized_width", "resized_height"} {
		if values.Has(key) && values.Int(key) == 0 {
			problems = append(problems, providers.Problem{Field: key, Message: "must be at least 1"})
		}
	}
	return problems
}

func pairProblems(values providers.Values, one, other string) []providers.Problem {
	switch {
	case values.Has(one) && !values.Has(other):
		return []providers.Problem{{Field: other, Message: "is needed together with " + one}}
	case values.Has(other) && !values.Has(one):
		return []providers.Problem{{Field: one, Message: "is needed together with " + other}}
	}
	return nil
}

func spanProblems(values providers.Values, start, end, size string) []providers.Problem {
	if problems := pairProblems(values, start, end); problems != nil || !values.Has(start) {
		return problems
	}
	span := values.Int(end) - values.Int(start)
	switch {
	case span <= 0:
		return []providers.Problem{{Field: end, Message: "must be greater than " + start}}
	case values.Has(size) && values.Int(size) != span:
		return []providers.Problem{{Field: size, Message: "must be " + end + " minus " + start}}
	}
	return nil
}
