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
)

// hang is far longer than anything here takes.
const hang = 10 * time.Second

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
		begun := time.Now()
		words := httpapi.Words(body)
		if utf8.RuneCountInString(words) > 310 || strings.ContainsFunc(words, providers.Unprintable) || time.Since(begun) > hang {
			t.Errorf("%q after %v", words, time.Since(begun))
		}
	})
}

// FuzzAnswer has a client read any answer.
func FuzzAnswer(f *testing.F) {
	seedAnswers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		begun := time.Now()
		for _, status := range []int{200, 400} {
			conn, _ := conformance.Answering(t, status, string(body))
			conn.Key = fuzzedKey
			var answer any
			err := httpapi.New(httpapi.Options{Service: "Luma", Conn: conn}).Post(t.Context(), "/x", nil, &answer)
			read, _ := json.Marshal(answer)
			if strings.Contains(string(read), fuzzedKey) || err != nil && strings.Contains(err.Error(), fuzzedKey) || time.Since(begun) > hang {
				t.Errorf("%.300s, %v after %v", read, err, time.Since(begun))
			}
		}
	})
}

// FuzzBaseURL judges any address.
func FuzzBaseURL(f *testing.F) {
	for _, seed := range []string{"https://api.example.com", "http://LOCALHOST:80/x", "http://[::1]%25", "https://u:p@h", "javascript:1", "http://0x7f.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if err := httpapi.CheckBaseURL(address); err != nil && len(address) > 12 && strings.Contains(err.Error(), address) {
			t.Errorf("the error repeats %q: %v", address, err)
		}
	})
}
