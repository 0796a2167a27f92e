// What became of the money, in words.

package jobs

import "github.com/maquette-studio/maquette/providers"

// MoneyWords says what became of the money, in a sentence.
func MoneyWords(money providers.Money) providers.Sentence {
	switch money {
	case providers.NotSpent:
		return providers.Say("Nothing was charged.")
	case providers.Spent:
		return providers.Say("This was charged.")
	case providers.Refunded:
		return providers.Say("The service refunds it.")
	case providers.MoneyUnknown:
		return providers.Say("It isn't known whether this was charged.")
	}
	return providers.Sentence{}
}
