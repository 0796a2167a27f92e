package remote_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/providers"
)

type claims struct {
	remote.Claimed
	err error
}

func (c claims) Claims(string) (remote.Claimed, error) { return c.Claimed, c.err }

func TestOnlyJobsThatCannotBeOursAreUnclaimed(t *testing.T) {
	t.Parallel()
	var ahead time.Duration
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(server.Close)
	now := time.Now()
	service := &providers.Service{ID: "luma", Title: "Luma", Known: func(ctx context.Context, conn providers.Conn) ([]providers.Remote, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			return nil, err
		}
		response, err := conn.HTTP.Do(request)
		if err != nil {
			return nil, err
		}
		return []providers.Remote{
			{ID: "old", Time: now.Add(-time.Hour)},
			{ID: "new", Time: now},
			{ID: "owned", Time: now.Add(-2 * time.Hour)},
			{ID: "asked", Time: now.Add(-2 * time.Hour)},
			{ID: "undated"},
		}, response.Body.Close()
	}}
	for name, row := range map[string]struct {
		open  time.Time
		ahead time.Duration
		want  []string
	}{
		"nothing is on its way":             {time.Time{}, 0, []string{"new", "old", "undated"}},
		"a request is on its way":           {now.Add(-time.Minute), 0, []string{"old"}},
		"by the service's clock much later": {now.Add(-time.Minute), time.Hour, []string{"new", "old"}},
		"since long":                        {now.Add(-3 * time.Hour), 0, nil},
	} {
		ahead = row.ahead
		known := claims{Claimed: remote.Claimed{Owned: map[string]bool{"owned": true}, Asked: map[string]bool{"asked": true}, Open: row.open}}
		jobs, err := remote.Unclaimed(t.Context(), service, providers.Conn{}, known)
		noError(t, err)
		var got []string
		for _, job := range jobs {
			got = append(got, job.ID)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := remote.Unclaimed(t.Context(), service, providers.Conn{}, claims{err: errors.New("the disk")}); err == nil {
		t.Error("what isn't known counts as unclaimed")
	}
	_, err := remote.Unclaimed(t.Context(), &providers.Service{Title: "Bria"}, providers.Conn{}, claims{})
	if failureOf(t, err).Outcome != providers.NotSent {
		t.Errorf("a service without a list: %v", err)
	}
}
