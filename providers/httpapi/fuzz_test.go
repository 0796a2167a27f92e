package httpapi_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage/bounds"
)

const fuzzedKey = "key-not-for-anyones-eyes"

// seedAnswers are the documented answers and refusals of every service.
func seedAnswers(f *testing.F) {
	files, err := filepath.Glob("../*/testdata/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("there are no examples", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var seen struct {
			Body      json.RawMessage
			Text      string
			Exchanges []struct{ Answer json.RawMessage }
		}
		_ = json.Unmarshal(content, &seen) // some are lists
		f.Add([]byte(seen.Body))
		f.Add([]byte(seen.Text))
		for _, exchange := range seen.Exchanges {
			f.Add([]byte(exchange.Answer))
		}
	}
	f.Add([]byte(`{"detail":"said \u006bey-not-for-anyones-eyes \u001b[31m"}`))
}

// FuzzWords reads the service's own words out of any body.
func FuzzWords(f *testing.F) {
	seedAnswers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		bounds.Hold(t, bounds.Text, func() {
			words := httpapi.Words(body)
			if utf8.RuneCountInString(words) > 310 || strings.ContainsFunc(words, providers.Unprintable) {
				t.Errorf("%q", words)
			}
		})
	})
}

// FuzzAnswer has a client read any answer.
func FuzzAnswer(f *testing.F) {
	seedAnswers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		bounds.Hold(t, bounds.Text, func() { wantHidden(t, body) })
	})
}

// wantHidden has a client read a body as an answer and as a refusal.
func wantHidden(t *testing.T, body []byte) {
	t.Helper()
	for _, status := range []int{200, 400} {
		conn, _ := conformance.Answering(t, status, string(body))
		conn.Key = fuzzedKey
		var answer any
		err := httpapi.New(httpapi.Options{Service: "Luma", Conn: conn}).Post(t.Context(), "/x", nil, &answer)
		read, _ := json.Marshal(answer)
		if strings.Contains(string(read), fuzzedKey) || err != nil && strings.Contains(err.Error(), fuzzedKey) || strings.ContainsFunc(allTexts(answer), providers.Unprintable) {
			t.Errorf("%.300s, %v", read, err)
		}
	}
}

// allTexts are the texts in an answer, names included, one after the other.
func allTexts(answer any) (all string) {
	switch answer := answer.(type) {
	case string:
		return answer
	case []any:
		for _, item := range answer {
			all += allTexts(item)
		}
	case map[string]any:
		for name, member := range answer {
			all += name + allTexts(member)
		}
	}
	return all
}

// FuzzBaseURL judges any address.
func FuzzBaseURL(f *testing.F) {
	for _, seed := range []string{"https://api.example.com", "http://LOCALHOST:80/x", "http://[::1]%25", "https://u:p@h", "javascript:1", "http://0x7f.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		bounds.Hold(t, bounds.Text, func() {
			if err := httpapi.CheckBaseURL(address); err != nil && len(address) > 12 && strings.Contains(err.Error(), address) {
				t.Errorf("the error repeats %q: %v", address, err)
			}
		})
	})
}

// FuzzContentRange reads what a host says of the part that it sends, and of the
// file that it belongs to.
func FuzzContentRange(f *testing.F) {
	for _, seed := range []string{"bytes 100-199/200", "bytes */200", "bytes 100-199/*", "BYTES 0-0/1", "bytes 9223372036854775807-9223372036854775807/9223372036854775808", "bytes -1--1/-1", "items 1-2/3"} {
		f.Add(seed, `"abc"`, `W/"abc"`)
	}
	f.Fuzz(func(t *testing.T, said, tag, before string) {
		bounds.Hold(t, bounds.Text, func() {
			start, end, total, ok := httpapi.RangeOf(said)
			if total < -1 || ok && (start < 0 || end < start || total >= 0 && end >= total) {
				t.Errorf("%q is %d-%d of %d", said, start, end, total)
			}
			validator := httpapi.ValidatorOf(tag, said)
			if strings.HasPrefix(validator, "W/") {
				t.Errorf("%q names these very bytes", validator)
			}
			if strings.HasPrefix(before, `"`) && tag != "" && httpapi.SameFile(tag, before) && strings.TrimPrefix(tag, "W/") != before {
				t.Errorf("%q is the file of %q", tag, before)
			}
		})
	})
}

// FuzzLimits reads when a service wants to be asked again.
func FuzzLimits(f *testing.F) {
	for _, seed := range []string{"120", "0.5", "-1", "NaN", "Inf", "1e309", "Wed, 21 Oct 2026 07:28:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "remaining=1, reset=2", "\"x\";r=0;t=9", "1700000000", "1700000000000", "0x10", " 5 "} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, said, other string) {
		bounds.Hold(t, bounds.Text, func() {
			const most = 10 * time.Minute
			if wait := httpapi.RetryAfter(said); wait < 0 || wait > most {
				t.Errorf("%q is %v", said, wait)
			}
			if left, renewed, ok := httpapi.Quota(said, other); ok && (left < 0 || renewed <= 0 || renewed > most) {
				t.Errorf("%q, %q leave %d for %v", said, other, left, renewed)
			}
		})
	})
}
