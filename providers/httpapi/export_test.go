package httpapi

import "github.com/maquette-studio/maquette/network"

// NewFetcherOver is NewFetcher on another network and with another floor.
func NewFetcherOver(over *network.Network, allowLoopback bool, floor network.Pace) *Fetcher {
	return newFetcher(over, allowLoopback, floor)
}
