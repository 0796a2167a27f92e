package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/ratelimit"
)

// inProcess answers requests without a network.
type inProcess struct{ http.HandlerFunc }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func TestWhatAServiceSaysOfItsLimitIsKeptTo(t *testing.T) {
	for name, header := range map[string]func(now time.Time) http.Header{
		"X-RateLimit, seconds": func(time.Time) http.Header {
			return http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"30"}}
		},
		"X-RateLimit, a Unix time": func(now time.Time) http.Header {
			return http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(now.Add(30 * time.Second).Unix())}}
		},
		"X-RateLimit, milliseconds": func(now time.Time) http.Header {
			return http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {fmt.Sprint(now.Add(30 * time.Second).UnixMilli())}}
		},
		"a date": func(now time.Time) http.Header {
			return http.Header{"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {now.Add(30 * time.Second).UTC().Format(http.TimeFormat)}}
		},
		"RateLimit": func(time.Time) http.Header {
			return http.Header{"Ratelimit": {"limit=10, remaining=0, reset=30"}}
		},
		"RateLimit as a structured field": func(time.Time) http.Header {
			return http.Header{"Ratelimit": {`"default";r=0;t=30`}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := providers.Conn{BaseURL: "https://api.example.com/v1", Limits: ratelimit.New(nil, nil).For("job", nil), HTTP: &http.Client{Transport: inProcess{func(w http.ResponseWriter, _ *http.Request) {
					for key, values := range header(time.Now()) {
						w.Header()[key] = values
					}
					fmt.Fprint(w, `{}`)
				}}}}
				client := httpapi.New(httpapi.Options{Service: "Acme", Conn: conn})
				began := time.Now()
				for range 2 {
					if err := client.Get(t.Context(), "jobs/1", nil, nil); err != nil {
						t.Fatal(err)
					}
				}
				if waited := time.Since(began); waited != 30*time.Second {
					t.Errorf("waited %v", waited)
				}
			})
		})
	}
}

func TestNonsenseAboutLimitsIsIgnored(t *testing.T) {
	for _, values := range [][2]string{
		{"0", "soon"}, {"0", "-5"}, {"0", "NaN"}, {"0", "+Inf"}, {"0", ""}, {"few", "30"}, {"-1", "30"}, {"", "30"}, {"0", "0"}, {"5", "30"},
	} {
		synctest.Test(t, func(t *testing.T) {
			conn := providers.Conn{BaseURL: "https://api.example.com/v1", Limits: ratelimit.New(nil, nil).For("job", nil), HTTP: &http.Client{Transport: inProcess{func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-RateLimit-Remaining", values[0])
				w.Header().Set("X-RateLimit-Reset", values[1])
				fmt.Fprint(w, `{}`)
			}}}}
			client := httpapi.New(httpapi.Options{Service: "Acme", Conn: conn})
			began := time.Now()
			for range 2 {
				if err := client.Get(t.Context(), "jobs/1", nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			if waited := time.Since(began); waited != 0 {
				t.Errorf("%q: waited %v", values, waited)
			}
		})
	}
}

func TestARefusalIsWaitedOutInTurn(t *testing.T) {
	for header, want := range map[string]time.Duration{"7": 7 * time.Second, "": time.Minute, "0": time.Minute, "soon": time.Minute, "-3": time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			refused := false
			limits := ratelimit.New([]ratelimit.Limit{{PerMinute: []int{10}}}, nil)
			conn := providers.Conn{BaseURL: "https://api.example.com/v1", Limits: limits.For("", nil), HTTP: &http.Client{Transport: inProcess{func(w http.ResponseWriter, _ *http.Request) {
				if !refused {
					refused = true
					w.Header().Set("Retry-After", header)
					w.WriteHeader(http.StatusTooManyRequests)
				}
				fmt.Fprint(w, `{}`)
			}}}}
			client := httpapi.New(httpapi.Options{Service: "Acme", Conn: conn})
			began := time.Now()
			if err := client.Get(t.Context(), "jobs/1", nil, nil); err != nil {
				t.Error(err)
			}
			if waited := time.Since(began); waited != want {
				t.Errorf("Retry-After %q: waited %v", header, waited)
			}
		})
	}
}
