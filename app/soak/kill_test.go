//go:build unix && !race

// Random kills of the program and of the services, over a bad network, while every task is at work. A dying process has
// nothing to do with races: this runs without the race detector.

package soak_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

const (
	badInShort = 9 // one request in so many meets trouble
	badInSoak  = 6
	// settling bounds the calm at the end, in which every job has to come to its end.
	settling = 40
)

// battle is a data directory and simulated services that are killed again and again.
type battle struct {
	t      *testing.T
	chance *rand.Rand
	front  *front
	home   string
	state  string // the services' own
	env    map[string]string
	stock  stock
	model  string

	mu       sync.Mutex // held while the services are killed or started
	services *exec.Cmd

	promised map[string]bool // ids of jobs that were shown to a person
	sum      *kills
}

// kills is what was done to them all.
type kills struct {
	mu                                      sync.Mutex
	battles, program, services, jobs, asked int
	paid, requests                          int
}

// Nothing is lost and nothing paid twice, wherever program or services are killed.
func TestRandomKills(t *testing.T) {
	limit := share(t, 0.35)
	var sum kills
	began := time.Now()
	fronts := 1
	if limit > 0 {
		fronts = 3
	}
	t.Run("battles", func(t *testing.T) {
		for at := range fronts {
			t.Run(fmt.Sprint(at), func(t *testing.T) {
				t.Parallel()
				chance := seeded(t, 100+uint64(at))
				for round := 0; !t.Failed() && (round == 0 || time.Since(began) < limit); round++ {
					t.Run(fmt.Sprint(round), func(t *testing.T) { fight(t, chance, limit > 0, &sum) })
				}
			})
		}
	})
	const attack = "random kills"
	tell(attack, "battles", sum.battles)
	tell(attack, "kills of the program; of the services", fmt.Sprintf("%d; %d", sum.program, sum.services))
	tell(attack, "requests over a bad network", sum.requests)
	tell(attack, "jobs; paid requests; a person asked", fmt.Sprintf("%d; %d; %d", sum.jobs, sum.paid, sum.asked))
}

func fight(t *testing.T, chance *rand.Rand, long bool, sum *kills) {
	b := newBattle(t, chance, sum)
	orders, rounds, oneIn := pieces(), 8, badInSoak
	if !long {
		rounds, oneIn = 3, badInShort
		chance.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
		orders = orders[:4]
	}
	if slices.ContainsFunc(orders, func(p piece) bool { return p.model }) {
		b.train()
	}
	b.front.misbehave(badNetwork(chance, oneIn))
	stopServices := b.killServices()
	chance.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
	for _, p := range orders {
		b.order(p)
	}
	for range rounds {
		b.run(b.someTime(), "jobs", "resume", "--json")
	}
	stopServices()
	b.front.misbehave(nil)
	b.settle()
	b.hold()
}

func newBattle(t *testing.T, chance *rand.Rand, sum *kills) *battle {
	t.Helper()
	b := &battle{
		t: t, chance: chance, home: t.TempDir(), state: t.TempDir(), stock: newStock(t), sum: sum,
		promised: map[string]bool{},
	}
	printed := b.startServices()
	t.Cleanup(func() { b.endServices() })
	b.front, b.env = newFront(t, printed)
	return b
}

// child is this binary as something else.
func (b *battle) child(ctx context.Context, role string, args ...string) *exec.Cmd {
	child := exec.CommandContext(ctx, os.Args[0], args...)
	child.Dir = b.home
	// A bus that isn't there: nothing reaches the keyring of whoever runs this.
	child.Env = append(os.Environ(), childVariable+"="+role, "HOME="+b.home, "MAQUETTE_DATA="+b.home+"/data", "DBUS_SESSION_BUS_ADDRESS=unix:path="+b.home+"/nobody")
	for name, value := range b.env {
		child.Env = append(child.Env, name+"="+value)
	}
	return child
}

// startServices starts the simulated services where they were and returns what they print.
func (b *battle) startServices() map[string]string {
	b.services = b.child(context.Background(), asServices, b.state)
	out, err := b.services.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.services.Stderr = os.Stderr
	if err := b.services.Start(); err != nil {
		b.t.Fatal(err)
	}
	var lines []string
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if strings.HasPrefix(scanner.Text(), "MAQUETTE_BUCKET_SECRET_KEY=") {
			break
		}
	}
	return variables(lines)
}

func (b *battle) endServices() {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.services.Process.Kill()
	_ = b.services.Wait()
}

// killServices kills the services now and then, and starts them again, until it is told to stop.
func (b *battle) killServices() (stop func()) {
	chance := rand.New(rand.NewPCG(b.chance.Uint64(), b.chance.Uint64()))
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(between(chance, 200*time.Millisecond, 3*time.Second)):
			}
			b.endServices()
			time.Sleep(between(chance, 0, 300*time.Millisecond))
			b.mu.Lock()
			printed := b.startServices()
			b.mu.Unlock()
			if len(printed) == 0 {
				b.t.Error("the services didn't start again")
				return
			}
			b.sum.add(func(s *kills) { s.services++ })
		}
	})
	return func() { cancel(); work.Wait() }
}

func (s *kills) add(count func(*kills)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count(s)
}

// someTime is how long the program lives before it is killed; 0 for as long as it wants.
func (b *battle) someTime() time.Duration {
	switch b.chance.IntN(6) {
	case 0:
		return 0
	case 1:
		return between(b.chance, 10*time.Millisecond, 150*time.Millisecond)
	}
	return between(b.chance, 50*time.Millisecond, 2500*time.Millisecond)
}

// jobLine is what is read of a job.
type jobLine struct {
	ID     string   `json:"id"`
	Task   string   `json:"task"`
	State  string   `json:"state"`
	Images []string `json:"images"`
	Models []string `json:"models"`
	Error  *struct{ Kind, Message, Money string }
}

// run runs a command and kills it after a time, unless it ended before or the time is 0. What it printed of jobs is
// what a person was shown.
func (b *battle) run(kill time.Duration, args ...string) (lines []jobLine, code int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hangs)
	defer cancel()
	var out, errs bytes.Buffer
	command := b.child(ctx, asProgram, args...)
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Start(); err != nil {
		b.t.Fatal(err)
	}
	if kill > 0 {
		timer := time.AfterFunc(kill, func() { _ = command.Process.Kill() })
		defer timer.Stop()
	}
	err := command.Wait()
	if ctx.Err() != nil {
		b.t.Fatalf("maquette %s hangs\n%s\n%s", strings.Join(args, " "), &out, &errs)
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		b.t.Fatal(err)
	}
	if strings.Contains(errs.String(), "panic:") {
		b.t.Fatalf("maquette %s: %s", strings.Join(args, " "), &errs)
	}
	killed := command.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if killed {
		b.sum.add(func(s *kills) { s.program++ })
	}
	for text := range strings.Lines(out.String()) {
		var line jobLine
		if json.Unmarshal([]byte(text), &line) == nil && line.ID != "" && line.Task != "" {
			lines = append(lines, line)
			b.promised[line.ID] = true
		}
	}
	return lines, command.ProcessState.ExitCode()
}

// order has the program take an order and kills it meanwhile.
func (b *battle) order(p piece) {
	args := []string{"run", p.task, "--no-wait", "--consent", "--json"}
	values, photos := b.stock.of(p, newMark(), b.model)
	for key, value := range values {
		args = append(args, "--set", fmt.Sprintf("%s=%v", key, value))
	}
	for _, photo := range photos {
		args = append(args, "--photo", photo)
	}
	if _, code := b.run(b.someTime(), args...); code == 2 {
		b.t.Fatalf("the order %v isn't valid", args)
	}
}

// train has Bria train a model to generate with, in peace.
func (b *battle) train() {
	for _, p := range pieces() {
		if p.task != "bria/train" {
			continue
		}
		values, photos := b.stock.of(p, newMark(), "")
		args := []string{"run", p.task, "--consent", "--json", "--photo", photos[0], "--photo", photos[1]}
		for key, value := range values {
			args = append(args, "--set", fmt.Sprintf("%s=%v", key, value))
		}
		lines, code := b.run(0, args...)
		if code != 0 || len(lines) == 0 {
			b.t.Fatalf("the training ended with %d: %+v", code, lines)
		}
		b.model = lines[len(lines)-1].Models[0]
	}
}

// settle lets every job come to its end, in peace. What failed is tried again: that is free, or it was never paid.
func (b *battle) settle() {
	b.t.Helper()
	over := map[string]bool{} // at the service: it failed there, and trying again was a new job
	for range settling {
		b.run(0, "jobs", "resume", "--json")
		open := 0
		lines, _ := b.run(0, "jobs", "list", "--json")
		for _, line := range lines {
			switch p := pieceOf(line.Task); providers.State(line.State) {
			case providers.Done:
			case providers.NeedsYou:
				if p.findable {
					open++
				}
			case providers.Failed:
				if over[line.ID] {
					continue
				}
				if line.Error == nil || line.Error.Money == "" || line.Error.Message == "" {
					b.t.Errorf("job %s of %s failed and doesn't say what became of the money: %+v", line.ID, line.Task, line.Error)
				}
				open++
				again, _ := b.run(0, "jobs", "retry", line.ID, "--json")
				over[line.ID] = len(again) > 0 && again[0].ID != line.ID
			default:
				open++
			}
		}
		if open == 0 {
			return
		}
	}
	lines, _ := b.run(0, "jobs", "list", "--json")
	b.t.Fatalf("the jobs don't come to an end: %+v", lines)
}

func pieceOf(task string) piece {
	for _, p := range pieces() {
		if p.task == task {
			return p
		}
	}
	return piece{}
}

// hold holds what is there now to what was promised.
func (b *battle) hold() {
	b.t.Helper()
	if _, code := b.run(0, "check"); code != 0 {
		b.t.Errorf("maquette check ends with %d", code)
	}
	studio, err := app.Open(app.Config{Dir: b.home + "/data", Env: func(name string) string { return b.env[name] }, Tempo: childTempo})
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() {
		if err := studio.Close(); err != nil {
			b.t.Error(err)
		}
	}()
	done, asked, over := map[string]int{}, map[string]int{}, map[string]int{}
	ordered := map[string]int{} // jobs by their order's mark: one that failed at the service was tried again as another
	for _, job := range studio.Jobs.List() {
		ordered[mark.FindString(job.Values.Text(pieceOf(job.Task).marked))]++
		delete(b.promised, job.ID)
		p := pieceOf(job.Task)
		switch job.State {
		case providers.Done:
			done[p.service()]++
			if missing := p.whole(job.Images, job.Models); missing != "" {
				b.t.Errorf("job %s of %s has %s", job.ID, job.Task, missing)
			}
		case providers.NeedsYou:
			asked[p.service()]++
			if _, err := studio.Jobs.Resolve(job.ID, jobs.Resolution{GiveUp: true}); err != nil {
				b.t.Error(err)
			}
		default:
			if job.State != providers.Failed || !job.Error.Ended {
				b.t.Errorf("job %s of %s is %s: %v", job.ID, job.Task, job.State, job.Error)
			}
			over[p.service()]++
		}
	}
	for id := range b.promised {
		b.t.Errorf("job %s was shown, and is lost", id)
	}
	b.count(done, asked, over, ordered)
	// Links end after two days: by then no copy of a photo is in the bucket.
	studio.Jobs.SweepHosted(b.t.Context(), time.Now().Add(72*time.Hour))
	if left := inBucket(b.t, b.env); len(left) > 0 {
		b.t.Errorf("%d copies of photos stay in the bucket", len(left))
	}
}

// count holds the paid requests that the services counted to the jobs.
func (b *battle) count(done, asked, over, ordered map[string]int) {
	b.t.Helper()
	paid := submissions(b.t, b.env)
	for service, n := range paid {
		if n < done[service] || n > done[service]+asked[service]+over[service] {
			b.t.Errorf("%s was paid %d times for %d jobs that are done, %d that a person is asked about and %d that failed there",
				service, n, done[service], asked[service], over[service])
		}
	}
	b.front.mu.Lock()
	defer b.front.mu.Unlock()
	for mark, n := range b.front.accepted {
		if n > ordered[mark] {
			b.t.Errorf("the order %s was accepted %d times for %d jobs", mark, n, ordered[mark])
		}
	}
	b.sum.add(func(s *kills) {
		s.battles++
		s.requests += b.front.asked
		for service := range paid {
			s.jobs += done[service] + asked[service] + over[service]
			s.asked += asked[service]
			s.paid += paid[service]
		}
	})
}
