package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

// NewFetcherOver is NewFetcher on another network and with another floor.
func NewFetcherOver(over *network.Network, allowLoopback bool, floor network.Pace) *Fetcher {
	return newFetcher(over, allowLoopback, floor)
}

// ProveOver is ProveResults on another network.
func ProveOver(ctx context.Context, over *network.Network, service *providers.Service, conn providers.Conn) (providers.Sentence, error) {
	return proveOver(ctx, over, service, conn)
}

// CheckPlaceOver is CheckPlace on another network.
func CheckPlaceOver(ctx context.Context, over *network.Network, address string) error {
	return checkPlaceOver(ctx, over, address)
}

// RangeOf reads a Content-Range.
func RangeOf(said string) (start, end, total int64, ok bool) {
	s := rangeOf(&http.Response{Header: http.Header{"Content-Range": {said}}})
	return s.start, s.end, s.total, s.ok
}

// ValidatorOf reads what names a file's very bytes.
func ValidatorOf(tag, changed string) string {
	return validatorOf(&http.Response{Header: http.Header{"Etag": {tag}, "Last-Modified": {changed}}})
}

// SameFile compares an ETag with an earlier validator.
func SameFile(tag, validator string) bool {
	return sameFile(&http.Response{Header: http.Header{"Etag": {tag}}}, validator)
}

// RetryAfter reads a Retry-After.
func RetryAfter(said string) time.Duration { return retryAfter(said, time.Now()) }

// Quota reads what is left of a limit, said in two headers or in one.
func Quota(remaining, renewed string) (left int, after time.Duration, said bool) {
	return quota(http.Header{"Ratelimit-Remaining": {remaining}, "Ratelimit-Reset": {renewed}, "Ratelimit": {renewed}}, time.Now())
}
