// The person's S3-compatible bucket.

package access

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/app/failure"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// BucketAccount is the keyring account of the bucket's secret.
const BucketAccount = storage.BucketAccount

// BucketSecretEnv is the environment variable of the bucket's secret.
const BucketSecretEnv = "MAQUETTE_BUCKET_SECRET_KEY" //nolint:gosec // the name of the variable, not its value

// BucketTokenAccount is the keyring account of the session token of temporary
// keys; BucketTokenEnv its environment variable.
const (
	BucketTokenAccount = "bucket-session"
	BucketTokenEnv     = "MAQUETTE_BUCKET_SESSION_TOKEN" //nolint:gosec // the name of the variable, not its value
)

// BucketSecrets are what a bucket needs beside its settings.
type BucketSecrets struct {
	Key   string // the secret key
	Token string // the session token of temporary keys
}

// The bucket can come from the environment, as keys can; it wins over
// Settings and is never stored.
const (
	bucketEndpointEnv  = "MAQUETTE_BUCKET_ENDPOINT"
	bucketRegionEnv    = "MAQUETTE_BUCKET_REGION"
	bucketNameEnv      = "MAQUETTE_BUCKET_NAME"
	bucketAccessEnv    = "MAQUETTE_BUCKET_ACCESS_KEY"
	bucketPublicURLEnv = "MAQUETTE_BUCKET_PUBLIC_URL"
)

// linkLife is how long a link can be read: a job's patience with the network
// and the service's queue together.
const linkLife = 48 * time.Hour

// Bucket is where photos are hosted for services to fetch.
type Bucket struct {
	access *Access
	fixed  settings.Bucket // used whatever the settings say; zero outside the demo

	mu     sync.Mutex
	config storage.BucketConfig // of client
	client *storage.Bucket      // kept, with its connections, until other settings are used
}

// NewBucket is the bucket that the environment or the settings name, or the
// fixed one, if its endpoint isn't empty.
func NewBucket(access *Access, fixed settings.Bucket) *Bucket {
	return &Bucket{access: access, fixed: fixed}
}

// Settings are the settings in use, without the secret.
func (b *Bucket) Settings() settings.Bucket {
	if b.fixed.Endpoint != "" {
		return b.fixed
	}
	set := bucketIn(b.access.Env)
	if set.Endpoint == "" {
		return b.access.Settings.Now().Bucket
	}
	if tidy, err := tidied(set); err == nil {
		return tidy
	}
	return set
}

// bucketIn is the bucket that an environment names.
func bucketIn(env func(string) string) settings.Bucket {
	return settings.Bucket{
		Endpoint: env(bucketEndpointEnv), Region: env(bucketRegionEnv), Name: env(bucketNameEnv),
		AccessKey: env(bucketAccessEnv), PublicURL: env(bucketPublicURLEnv),
	}
}

// Named reports whether a bucket is set up, as far as its settings tell. It
// answers at once.
func (b *Bucket) Named() bool {
	set := b.Settings()
	return set.Endpoint != "" && set.Name != ""
}

// Open is the bucket's client. It may ask the keyring: never call it on the UI
// goroutine.
func (b *Bucket) Open(ctx context.Context) (*storage.Bucket, error) {
	set := b.Settings()
	if !b.Named() {
		return nil, &providers.Failure{
			Kind: providers.NoBucket, Message: providers.Say("No bucket is set up; photos need one so that the service can fetch them"),
			Advice: providers.Say("Set up an S3-compatible bucket."), Remedy: providers.Remedy{Code: providers.OpenBucket},
			Money: providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	secret, _, err := b.access.Keys.Get(ctx, BucketAccount)
	if err != nil {
		return nil, failure.Key("the bucket", err)
	}
	token, err := b.token(ctx)
	if err != nil {
		return nil, failure.Key("the bucket", err)
	}
	client, err := b.clientFor(configOf(set, BucketSecrets{secret, token}))
	return client, bucketFailure(err)
}

// token is the session token; "" where the keys are lasting ones.
func (b *Bucket) token(ctx context.Context) (string, error) {
	if b.fixed.Endpoint != "" {
		return "", nil
	}
	token, _, err := b.access.Keys.Get(ctx, BucketTokenAccount)
	return token, err
}

func configOf(set settings.Bucket, secrets BucketSecrets) storage.BucketConfig {
	return storage.BucketConfig{
		Endpoint: set.Endpoint, Region: set.Region, Name: set.Name,
		AccessKey: set.AccessKey, SecretKey: secrets.Key, SessionToken: secrets.Token, PublicURL: set.PublicURL,
	}
}

// tidied are settings as they were pasted, each part where it belongs.
func tidied(set settings.Bucket) (settings.Bucket, error) {
	tidy, err := configOf(set, BucketSecrets{}).Tidied()
	if err != nil {
		return set, err
	}
	return settings.Bucket{Endpoint: tidy.Endpoint, Region: tidy.Region, Name: tidy.Name, AccessKey: tidy.AccessKey, PublicURL: tidy.PublicURL}, nil
}

func (b *Bucket) clientFor(config storage.BucketConfig) (*storage.Bucket, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.client != nil && b.config == config {
		return b.client, nil
	}
	client, err := storage.OpenBucket(config, bucketNetwork{})
	if err != nil {
		return nil, err
	}
	if b.client != nil {
		b.client.Close()
	}
	b.config, b.client = config, client
	return client, nil
}

// Close lets go of the connections.
func (b *Bucket) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.client != nil {
		b.client.Close()
		b.client = nil
	}
}

// IsLocal reports whether the bucket is on this computer; only then may its
// links lead here.
func (b *Bucket) IsLocal() bool {
	set := b.Settings()
	return httpapi.IsLoopbackURL(cmp.Or(set.PublicURL, set.Endpoint))
}

// Find looks for an object in the bucket and signs a new link to it.
func (b *Bucket) Find(ctx context.Context, key string) (providers.Object, bool, error) {
	client, err := b.Open(ctx)
	if err != nil {
		return providers.Object{}, false, err
	}
	size, found, err := client.Stat(ctx, key)
	if err != nil || !found {
		return providers.Object{}, false, bucketFailure(err)
	}
	link, err := client.Link(ctx, key, linkLife)
	return providers.Object{Key: key, Size: size, URL: link}, true, bucketFailure(err)
}

// InvalidBucket says which of the bucket's settings can't be right.
type InvalidBucket struct{ err error }

func (i *InvalidBucket) Error() string { return i.err.Error() }

// Unwrap returns the cause.
func (i *InvalidBucket) Unwrap() error { return i.err }

// Set stores the bucket's settings, and its secrets unless they are empty. An
// endpoint that names the bucket is taken apart. With a new secret key and no
// token, the token of the keys before is forgotten.
func (b *Bucket) Set(ctx context.Context, set settings.Bucket, secrets BucketSecrets) (storage.KeyWhere, error) {
	set, err := tidied(set)
	if err != nil {
		return "", &InvalidBucket{err}
	}
	checked := configOf(set, BucketSecrets{Key: cmp.Or(secrets.Key, "kept"), Token: secrets.Token})
	if secrets.Key == "" && secrets.Token == "" {
		checked.SessionToken = "kept"
	}
	if err := checked.Validate(); err != nil {
		return "", &InvalidBucket{err}
	}
	where, err := b.keep(ctx, secrets)
	if err != nil {
		return "", err
	}
	return where, b.access.Settings.Change(func(s *settings.Settings) { s.Bucket = set })
}

func (b *Bucket) keep(ctx context.Context, secrets BucketSecrets) (where storage.KeyWhere, err error) {
	if secrets.Key != "" {
		if where, err = b.access.SetKey(ctx, BucketAccount, secrets.Key); err != nil {
			return "", err
		}
	}
	switch {
	case secrets.Token != "":
		return b.access.SetKey(ctx, BucketTokenAccount, secrets.Token)
	case secrets.Key != "":
		return where, b.access.DeleteKey(ctx, BucketTokenAccount)
	}
	return where, nil
}

// Delete forgets the bucket and its secret.
func (b *Bucket) Delete(ctx context.Context) error {
	return errors.Join(
		b.access.Keys.Delete(ctx, BucketAccount),
		b.access.Keys.Delete(ctx, BucketTokenAccount),
		b.access.Settings.Change(func(s *settings.Settings) { s.Bucket = settings.Bucket{} }),
	)
}
