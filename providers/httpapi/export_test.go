package httpapi

import (
	"context"

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
