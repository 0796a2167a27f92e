package callbacks_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/maquette-studio/maquette/app/callbacks"
	"github.com/maquette-studio/maquette/app/door"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// receiver is one that listens, and what it did.
type receiver struct {
	*callbacks.Receiver
	address string

	mu       sync.Mutex
	woken    []string
	troubles map[string]bool
}

func (r *receiver) Set(code string, _, _ providers.Sentence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.troubles[code] = true
}

func (r *receiver) Clear(code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.troubles, code)
}

func (r *receiver) wakes() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.woken)
}

// listening is a receiver on a free port that knows these paths, by job.
func listening(t testing.TB, paths map[string]string) *receiver {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{address: free.Addr().String(), troubles: map[string]bool{}}
	_ = free.Close()
	ctx, stop := context.WithCancel(context.Background())
	doors := door.NewDoors(ctx)
	r.Receiver = callbacks.New(ctx, callbacks.Config{
		Env: func(string) string { return "" }, Troubles: r, Doors: doors,
		Place: func() string { return "" }, Placed: func() bool { return false },
		Settings: func() settings.Settings {
			return settings.Settings{CallbackListen: r.address, CallbackURL: "https://studio.example.com/hooks/"}
		},
		Paths: func() map[string]string { return paths },
		Wake: func(job string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.woken = append(r.woken, job)
		},
	})
	t.Cleanup(func() { stop(); r.Close(); doors.Close() })
	return r
}

func (r *receiver) call(t testing.TB, method, path string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+r.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestOnlyAJobsOwnPathWakesIt(t *testing.T) {
	t.Parallel()
	r := listening(t, map[string]string{"j1": "SECRET1", "j2": ""})
	if at := r.Address("SECRET1"); at != "https://studio.example.com/hooks/SECRET1" {
		t.Fatalf("the address is %q", at)
	}
	r.Know("j3", "SECRET3")
	for _, row := range []struct {
		method, path  string
		status, woken int
	}{
		{http.MethodPost, "/hooks/SECRET1", http.StatusOK, 1},
		{http.MethodPost, "/SECRET3", http.StatusOK, 2},
		{http.MethodGet, "/hooks/SECRET1", http.StatusNotFound, 2},
		{http.MethodPost, "/hooks/secret1", http.StatusNotFound, 2},
		{http.MethodPost, "/hooks/", http.StatusNotFound, 2},
		{http.MethodPost, "/", http.StatusNotFound, 2},
	} {
		if status := r.call(t, row.method, row.path); status != row.status || r.wakes() != row.woken {
			t.Errorf("%s %s: %d, woken %d times", row.method, row.path, status, r.wakes())
		}
	}
}

func TestAStormWakesAFewTimes(t *testing.T) {
	t.Parallel()
	r := listening(t, map[string]string{"j1": "SECRET1"})
	r.Follow()
	for range 40 {
		r.call(t, http.MethodPost, "/SECRET1")
	}
	if woken := r.wakes(); woken < 5 || woken > 15 {
		t.Errorf("40 calls woke %d times", woken)
	}
}

func TestATakenAddressIsATroubleAndNoReceiver(t *testing.T) {
	t.Parallel()
	first := listening(t, nil)
	first.Follow()
	second := listening(t, nil)
	second.address = first.address
	if second.Follow() || fmt.Sprint(second.troubles) != "map[callbacks:true]" || second.Address("SECRET") != "" {
		t.Errorf("troubles %v", second.troubles)
	}
}

func TestCallbackSettingsAreChecked(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		listen, public string
		ok             bool
	}{
		{"", "", true},
		{"127.0.0.1:8710", "https://studio.example.com/hooks", true},
		{":8710", "https://studio.example.com", true},
		{"[::1]:8710", "http://127.0.0.1:9000", true},
		{"127.0.0.1:8710", "", false},
		{"", "https://studio.example.com", false},
		{"127.0.0.1", "https://studio.example.com", false},
		{"127.0.0.1:0", "https://studio.example.com", false},
		{"127.0.0.1:70000", "https://studio.example.com", false},
		{"127.0.0.1:http", "https://studio.example.com", false},
		{"127.0.0.1:8710", "http://studio.example.com", false},
		{"127.0.0.1:8710", "studio.example.com", false},
	} {
		if err := callbacks.Check(row.listen, row.public); (err == nil) != row.ok {
			t.Errorf("%q, %q: %v", row.listen, row.public, err)
		}
	}
}
