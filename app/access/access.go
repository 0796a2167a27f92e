// Package access is how services and the bucket are reached: keys, addresses,
// connections, and the copies of photos that lie where services can fetch
// them. Nothing in it is ever logged.
package access

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/network"
	"github.com/maquette-studio/maquette/storage"
)

const checkPatience = 45 * time.Second

// Troubles shows what is wrong with the studio as a whole until it is over.
type Troubles interface {
	Set(code string, title, text providers.Sentence)
	Clear(code string)
}

// Access knows the keys of the services and where they are reached.
type Access struct {
	Env      func(string) string // environment variables
	Services providers.Services
	Keys     *storage.Keys
	Settings *settings.Store
	Troubles Troubles
	// Changed is called after a key was stored or deleted, with its account.
	Changed func(account string)
	// Fixed are addresses that nothing else replaces, by service id; the
	// demo's, whose keys nobody needs to be told about. nil outside the demo.
	Fixed map[string]string
	// Scaled is a wait for a service, as the studio's tempo makes it; nil leaves
	// it as it is.
	Scaled func(time.Duration) time.Duration

	limiters limiters
	// bucketKnown is that the bucket's secrets were read, or that there are none.
	bucketKnown atomic.Bool
}

// BaseURL is where a service is reached: the environment's address, the
// settings', or its own.
func (a *Access) BaseURL(service *providers.Service) string {
	if fixed := a.Fixed[service.ID]; fixed != "" {
		return fixed
	}
	if fromEnv := a.Env(service.URLEnv); fromEnv != "" {
		return strings.TrimRight(fromEnv, "/")
	}
	if set := a.Settings.Now().BaseURLs[service.ID]; set != "" {
		return strings.TrimRight(set, "/")
	}
	return service.BaseURL
}

// IsLocal reports whether a service is on this computer, as the sandbox is;
// only then may its links lead here. Never call it on the UI goroutine.
func (a *Access) IsLocal(service *providers.Service) bool {
	return httpapi.IsLocal(providers.Conn{BaseURL: a.BaseURL(service)})
}

// Conn is the way to a service, with its key. It may ask the keyring: never
// call it on the UI goroutine.
func (a *Access) Conn(ctx context.Context, service *providers.Service) (providers.Conn, error) {
	conn := providers.Conn{BaseURL: a.BaseURL(service)}
	if err := httpapi.CheckBaseURL(conn.BaseURL); err != nil {
		return conn, &providers.Failure{
			Kind: providers.InvalidInput, Message: providers.Say("The address set for %s can't be used: %v", service.Title, err),
			Advice: providers.Say("Correct it where it is set, or in %s.", service.URLEnv),
			Remedy: providers.Remedy{Code: providers.OpenAddress}, Money: providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	key, where, err := a.Keys.Get(ctx, service.ID)
	if err != nil {
		return conn, failure.Key(service.Title, err)
	}
	a.saw(service.ID, where)
	if key == "" {
		return conn, &providers.Failure{
			Kind: providers.BadKey, Message: providers.Say("There is no key for %s", service.Title),
			Advice: providers.Say("Add it, or set %s; get one at %s.", service.KeyEnv, service.KeyPage),
			Remedy: providers.Remedy{Code: providers.OpenKeys}, Money: providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	conn.Key, conn.Secrets = key, a.otherSecrets(ctx, key)
	if a.Fixed[service.ID] == "" { // the demo has no limits
		conn.Limits = a.limiters.of(service, conn, a.Scaled).For("", nil)
	}
	return conn, nil
}

// otherSecrets are the other services', the bucket's and the proxies': no service
// is told them, and none may have them kept or shown here by repeating them. What
// can't be read is told where it is used.
func (a *Access) otherSecrets(ctx context.Context, own string) []string {
	if a.Fixed == nil && !a.bucketKnown.Load() && (a.Settings.Now().Bucket.Endpoint != "" || a.Env(bucketEndpointEnv) != "") {
		_, _, err := a.Keys.Get(ctx, BucketAccount) // from then on it is known
		_, _, tokenErr := a.Keys.Get(ctx, BucketTokenAccount)
		a.bucketKnown.Store(err == nil && tokenErr == nil) // what is set later is known as it is set
	}
	others := slices.DeleteFunc(a.Keys.Known(), func(secret string) bool { return secret == own })
	return append(others, network.Here().ProxyPasswords()...)
}

// KeyWhere says where the key of an account is kept: "environment",
// "keyring", "session", or "" for nowhere. Never call it on the UI goroutine.
func (a *Access) KeyWhere(ctx context.Context, account string) (storage.KeyWhere, error) {
	_, where, err := a.Keys.Get(ctx, account)
	if err == nil {
		a.saw(account, where)
	}
	return where, err
}

// SetKey keeps a key and says where: in the keyring, or for this session only
// where there is no keyring.
func (a *Access) SetKey(ctx context.Context, account, secret string) (storage.KeyWhere, error) {
	where, err := a.Keys.Set(ctx, account, secret)
	if err != nil {
		return where, providers.Errorf("keeping the key: %v", err)
	}
	a.noticeKeyring(where)
	a.saw(account, where)
	a.Changed(account)
	return where, nil
}

func (a *Access) noticeKeyring(where storage.KeyWhere) {
	if where != storage.KeySession || a.Fixed != nil {
		a.Troubles.Clear("keyring")
		return
	}
	text := providers.Say("The key is kept until Maquette closes, and never in a file.")
	if why := a.Keys.Trouble(); why != nil {
		text = providers.Say("%s (%v)", text, why)
	}
	a.Troubles.Set("keyring", providers.Say("This system offers no keyring"), text)
}

// DeleteKey forgets a key.
func (a *Access) DeleteKey(ctx context.Context, account string) error {
	if err := a.Keys.Delete(ctx, account); err != nil {
		return providers.Errorf("deleting the key: %v", err)
	}
	a.saw(account, storage.KeyNone)
	a.Changed(account)
	return nil
}

// CheckKey asks the service whether the stored key works, at no cost, and
// whether its results can be fetched here; it answers in words.
func (a *Access) CheckKey(ctx context.Context, serviceID string) (providers.Sentence, error) {
	service, ok := a.Services.Service(serviceID)
	if !ok {
		return providers.Sentence{}, providers.Errorf("there is no service %s", serviceID)
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	conn, err := a.Conn(ctx, service)
	if err != nil {
		return providers.Sentence{}, err
	}
	words, err := service.CheckKey(ctx, conn)
	if err != nil {
		return providers.Sentence{}, err
	}
	note, err := httpapi.ProveResults(ctx, service, conn)
	if err != nil || note.IsZero() {
		return words, err
	}
	return providers.Say("%s (%s)", words, note), nil
}

// Prove says why a service's results could not be fetched here.
func Prove(ctx context.Context, service *providers.Service, conn providers.Conn) error {
	_, err := httpapi.ProveResults(ctx, service, conn)
	return err
}

// CheckBaseURL says why a service can't be reached at an address, before it is
// stored; the error never repeats the address.
func CheckBaseURL(address string) error { return httpapi.CheckBaseURL(address) }
