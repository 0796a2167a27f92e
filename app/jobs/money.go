// What became of the money, in words.

package jobs

import "github.com/maquette-studio/maquette/providers"

// MoneyWords says what became of the money, in a sentence.
func MoneyWords(money providers.Money) string {
	switch money {
	case providers.NotSpent:
		return "Nothing was charged."
	case providers.Spent:
		return "This was charged."
	case providers.Refunded:
		return "The service refunds it."
	case providers.MoneyUnknown:
		return "It isn't known whether this was charged."
	}
	return ""
}
