package providers_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
)

func TestLinksThatSayThatTheyHaveEndedLoseWhatSignedThem(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for link, ended := range map[string]bool{
		"https://a.example/x?X-Amz-Date=20261128T100000Z&X-Amz-Expires=3600&X-Amz-Signature=1":  true,
		"https://a.example/x?X-Amz-Date=20261128T100000Z&X-Amz-Expires=86400&X-Amz-Signature=1": false,
		"https://a.example/x?X-Goog-Date=20261128T100000Z&X-Goog-Expires=60&X-Goog-Signature=1": true,
		"https://a.example/x?Expires=1700000000&Signature=1&Key-Pair-Id=2":                      true,
		"https://a.example/x?Expires=4000000000&Signature=1&Key-Pair-Id=2":                      false,
		"https://a.blob.example/x?se=2026-11-28T11%3A59%3A00Z&sp=r&sig=1":                       true,
		"https://a.blob.example/x?se=2026-11-28T12%3A01%3A00Z&sp=r&sig=1":                       false,
		"https://a.example/x?token=1":                                                            false,
		"https://a.example/x?Expires=soon&Signature=1":                                           false,
		"https://a.example/x?page=1&Expired=1":                                                   false,
		"https://a.example/x?X-Amz-Date=20261128T100000Z&X-Amz-Expires=-3600&X-Amz-Signature=12": false,
	} {
		written, _ := json.Marshal(map[string]string{"url": link}) // with & as JSON escapes it
		got := string(providers.WithoutEnded(written, now))
		if (got != string(written)) != ended {
			t.Errorf("%s becomes %s", link, got)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is no JSON", got)
		}
	}
}
