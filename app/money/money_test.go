package money_test

import (
	"testing"

	"github.com/maquette-studio/maquette/app/money"
	"github.com/maquette-studio/maquette/providers"
)

func TestEstimatesAreMadeWithThePricesOneSet(t *testing.T) {
	t.Parallel()
	task := &providers.Task{ID: "s/t", Estimate: func(v providers.Values) []providers.Charge {
		return []providers.Charge{{Price: "s/start", Count: 1}, {Price: "s/picture", Count: int(v.Int("count"))}}
	}}
	service := &providers.Service{ID: "s", Prices: []providers.Price{{Key: "s/start", USD: 1}, {Key: "s/picture", USD: 0.25}}}
	values := providers.Values{"count": int64(4)}
	for name, row := range map[string]struct {
		own   map[string]float64
		task  *providers.Task
		usd   float64
		known bool
	}{
		"as declared":             {nil, task, 2, true},
		"one price set":           {map[string]float64{"s/picture": 0.5}, task, 3, true},
		"set to nothing":          {map[string]float64{"s/picture": 0, "s/start": 0}, task, 0, false},
		"no estimate":             {nil, &providers.Task{}, 0, false},
		"a price nobody declared": {nil, &providers.Task{Estimate: func(providers.Values) []providers.Charge { return []providers.Charge{{Price: "s/other", Count: 1}} }}, 0, false},
	} {
		prices := money.Prices{Services: providers.Services{service}, Own: func() map[string]float64 { return row.own }}
		if usd, known := prices.Estimate(row.task, values); usd != row.usd || known != row.known {
			t.Errorf("%s: %v, %v", name, usd, known)
		}
	}
}

func TestAmountsAreShownToTheCentOrFiner(t *testing.T) {
	t.Parallel()
	for usd, want := range map[float64]string{2: "$2.00", 0.1: "$0.10", 0.016: "$0.016", 0.02: "$0.02", 1234.567: "$1234.57"} {
		if got := money.Dollars(usd); got != want {
			t.Errorf("%v is shown as %s instead of %s", usd, got, want)
		}
	}
}
