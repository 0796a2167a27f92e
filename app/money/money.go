// Package money is what work costs, as far as it is known: services change
// their prices without notice, so that every figure is an estimate made with
// prices that a person may set.
package money

import (
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// Prices are what the services charge, in US dollars by price key.
type Prices struct {
	Services providers.Services
	// Own are those that a person set, which win over the services' own.
	Own func() map[string]float64
}

// Price is what one unit costs, in US dollars.
func (p Prices) Price(key string) (usd float64, known bool) {
	if own, set := p.Own()[key]; set {
		return own, true
	}
	for _, service := range p.Services {
		for _, price := range service.Prices {
			if price.Key == key {
				return price.USD, true
			}
		}
	}
	return 0, false
}

// Estimate is about what a task with these values will cost, in US dollars;
// unknown where the service publishes no price for some of it, or where it
// costs nothing.
func (p Prices) Estimate(task *providers.Task, values providers.Values) (usd float64, known bool) {
	if task.Estimate == nil {
		return 0, false
	}
	for _, charge := range task.Estimate(values) {
		price, known := p.Price(charge.Price)
		if !known {
			return 0, false
		}
		usd += price * float64(charge.Count)
	}
	return usd, usd > 0
}

// Dollars is an amount as it is shown: to the cent, below ten cents to a tenth
// of one.
func Dollars(usd float64) string {
	if usd < 0.1 {
		return strings.TrimSuffix(fmt.Sprintf("$%.3f", usd), "0")
	}
	return fmt.Sprintf("$%.2f", usd)
}
