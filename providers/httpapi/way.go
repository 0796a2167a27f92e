// Whether results will come, found out before anything is paid.

package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const (
	proofTimeout = 10 * time.Second
	proofLife    = 10 * time.Minute
)

// proofs are when a host of results last answered, or kept silent when it was
// asked, by "over whom".
var proofs sync.Map // string to time.Time

// Know says which hosts are a service's own: what they resolve to tells what
// this network does to public names.
func Know(service *providers.Service) {
	network.Here().KnowPublic(service.Results...)
	if base, err := url.Parse(service.BaseURL); err == nil {
		network.Here().KnowPublic(base.Hostname())
	}
}

// ProveResults finds out whether what a service makes can be fetched on this
// network, before it is paid for. note says what is special about the way, for
// a person who asks; the error is a *providers.Failure with Outcome NotSent. A
// refusal, by the judgement of addresses or by a proxy, is an error; a host
// that gives no answer now may give one later, and is none.
//
// The hosts are those that the service's documents name, where it is reached
// at its own address, and else the service's. A service on this computer needs
// no proof.
func ProveResults(ctx context.Context, service *providers.Service, conn providers.Conn) (note providers.Sentence, err error) {
	return proveOver(ctx, network.Here(), service, conn)
}

func proveOver(ctx context.Context, over *network.Network, service *providers.Service, conn providers.Conn) (note providers.Sentence, err error) {
	base, _ := url.Parse(conn.BaseURL)
	if base == nil || IsLocal(conn) { // what isn't an address can't be sent to
		return note, nil
	}
	over.KnowPublic(base.Hostname())
	way, err := wayTo(ctx, over, base)
	if err != nil && isRefusal(err) {
		return note, unproven(ctx, service, base.Host, err)
	}
	if conn.BaseURL == service.BaseURL {
		for _, host := range service.Results {
			if err := answers(ctx, over, host, way.Proxy); err != nil && isRefusal(err) {
				return note, unproven(ctx, service, host, err)
			}
		}
	}
	switch {
	case way.Proxy != "":
		note = providers.Say("requests and results go through the proxy at %s", way.Proxy)
	case way.StandIn.IsValid():
		note = providers.Say("this network answers names with addresses of its own, %s, as a VPN does; results are fetched the same way", way.StandIn.String())
	}
	return note, nil
}

func wayTo(ctx context.Context, over *network.Network, base *url.URL) (network.Way, error) {
	ctx, cancel := context.WithTimeout(ctx, proofTimeout)
	defer cancel()
	return over.WayTo(ctx, base)
}

// answers asks a host of results for nothing in particular: any answer proves
// the way. One that was silent for all the time it had speaks against nothing,
// and isn't waited for again soon.
func answers(ctx context.Context, over *network.Network, host, proxy string) error {
	key := host + " over " + proxy
	if at, known := proofs.Load(key); known && time.Since(at.(time.Time)) < proofLife {
		_, err := wayTo(ctx, over, &url.URL{Scheme: "https", Host: host}) // the network may be another by now
		return err
	}
	asked, cancel := context.WithTimeout(ctx, proofTimeout)
	defer cancel()
	transport := over.NewTransport(network.Options{Reach: network.Public, HeaderTimeout: proofTimeout, Once: true})
	request, err := http.NewRequestWithContext(asked, http.MethodHead, "https://"+host+"/", http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := transport.RoundTrip(request)
	silent := ctx.Err() == nil && (asked.Err() != nil || isTimeout(err))
	if err != nil && (!silent || isRefusal(err)) {
		return err
	}
	if err == nil {
		_ = response.Body.Close()
	}
	proofs.Store(key, time.Now())
	return nil
}

func unproven(ctx context.Context, service *providers.Service, host string, err error) *providers.Failure {
	why := fetchTrouble(ctx, host, err)
	return &providers.Failure{
		Kind: providers.NoNetwork, Outcome: providers.NotSent, Money: providers.NotSpent, Cause: err,
		Message: providers.Say("Nothing was sent to %s, since its results could not be fetched here: %s", service.Title, why.Message),
		Advice:  why.Advice,
	}
}

// CheckPlace reports why services could not fetch from links that begin with
// this address, such as a bucket's: the network that it leads into is not the
// internet. An address on this computer is left to whoever allows it.
func CheckPlace(ctx context.Context, address string) error {
	return checkPlaceOver(ctx, network.Here(), address)
}

func checkPlaceOver(ctx context.Context, over *network.Network, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return linkFailure(providers.InvalidInput, "", providers.Say("is not a valid link"))
	}
	if network.IsThisComputer(u.Hostname()) {
		return nil
	}
	if _, err := over.WayTo(ctx, u); err != nil {
		return fetchTrouble(ctx, u.Host, err)
	}
	return nil
}
