// Package soak attacks Maquette from where its own tests don't look, with chance as the guide: random kills of program
// and services over a bad network, the table of every endpoint and every fault, many jobs at once, a whole day of work.
// `make soak` runs all of it for twenty minutes; a short form of each runs with the other tests.
//
// Chance is seeded: what broke once is tried again with the seed that was printed. No outcome depends on how quick the
// machine is; what takes longer than the bounds here hangs.
package soak_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"go.uber.org/goleak"
)

// Variables that `make soak` sets.
const (
	minutesVariable = "MAQUETTE_SOAK_MINUTES" // unset: the short form
	seedVariable    = "MAQUETTE_SEED"
	figuresVariable = "MAQUETTE_FIGURES" // the file that the table of figures goes to
)

func TestMain(m *testing.M) {
	if role := os.Getenv(childVariable); role != "" {
		os.Exit(beChild(role))
	}
	code := 0
	goleak.VerifyTestMain(testMain{m, &code}, goleak.Cleanup(func(leaked int) {
		if err := writeFigures(); err != nil {
			fmt.Fprintln(os.Stderr, "writing the figures:", err)
			leaked = max(leaked, 1)
		}
		os.Exit(leaked)
	}))
}

// testMain is the tests, for goleak.
type testMain struct {
	*testing.M
	code *int
}

// Run runs them.
func (m testMain) Run() int { *m.code = m.M.Run(); return *m.code }

// share is how long a part of the soak may go on, in parts of the whole; 0 for the short form.
func share(t *testing.T, part float64) time.Duration {
	t.Helper()
	text := os.Getenv(minutesVariable)
	if text == "" {
		return 0
	}
	minutes, err := strconv.ParseFloat(text, 64)
	if err != nil || minutes <= 0 {
		t.Fatalf("%s=%q is no number of minutes", minutesVariable, text)
	}
	return time.Duration(part * minutes * float64(time.Minute))
}

// seeded is chance that can be repeated: each test and each of its parts has its own.
func seeded(t *testing.T, part uint64) *rand.Rand {
	t.Helper()
	seed := seedOf(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("repeat it with %s=%d", seedVariable, seed)
		}
	})
	return rand.New(rand.NewPCG(seed, part))
}

var drawn = rand.Uint64N(1 << 32)

func seedOf(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv(seedVariable)
	if text == "" {
		return drawn
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s=%q is no number", seedVariable, text)
	}
	return seed
}

// between draws a time from a range.
func between(chance *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(chance.Int64N(int64(most-least)+1))
}

// figure is one line of the table at the end.
type figure struct{ attack, what, value string }

var (
	figuresMu sync.Mutex
	figures   []figure
)

// tell adds to the table at the end.
func tell(attack, what string, value any) {
	figuresMu.Lock()
	defer figuresMu.Unlock()
	figures = append(figures, figure{attack, what, fmt.Sprint(value)})
}

// writeFigures writes the table where it is wanted.
func writeFigures() error {
	name := os.Getenv(figuresVariable)
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	return printFigures(file)
}

func printFigures(to io.Writer) error {
	figuresMu.Lock()
	defer figuresMu.Unlock()
	slices.SortStableFunc(figures, func(a, b figure) int { return strings.Compare(a.attack, b.attack) })
	table := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	for _, f := range figures {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.attack, f.what, f.value)
	}
	return table.Flush()
}
