// What the environment may say about keys, addresses and the bucket, and what
// is used in its place.

package access

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// Variables are the environment variables that say with which account a
// service or the bucket is reached, and where.
func Variables(services providers.Services) []string {
	names := []string{bucketEndpointEnv, bucketRegionEnv, bucketNameEnv, bucketAccessEnv, bucketPublicURLEnv, BucketSecretEnv, BucketTokenEnv}
	for _, service := range services {
		names = append(names, service.KeyEnv, service.URLEnv)
	}
	return names
}

// Said is what an environment says of Variables, as far as they are set: keys
// and the bucket as they are read, whatever was pasted with them.
func Said(env func(string) string, services providers.Services) map[string]string {
	said := map[string]string{}
	for _, name := range Variables(services) {
		if value := env(name); value != "" {
			said[name] = value
		}
	}
	if bucket, err := tidied(bucketIn(env)); err == nil && env(bucketEndpointEnv) != "" {
		for name, value := range map[string]string{
			bucketEndpointEnv: bucket.Endpoint, bucketRegionEnv: bucket.Region, bucketNameEnv: bucket.Name,
			bucketAccessEnv: bucket.AccessKey, bucketPublicURLEnv: bucket.PublicURL,
		} {
			if said[name] != "" {
				said[name] = value
			}
		}
	}
	accounts := map[string]string{BucketSecretEnv: BucketAccount, BucketTokenEnv: BucketTokenAccount}
	for _, service := range services {
		accounts[service.KeyEnv] = service.ID
	}
	for name, account := range accounts {
		if key, err := storage.CleanSecret(account, said[name]); err == nil {
			said[name] = key
		}
	}
	return said
}

// InUse is what is used for what one of Variables may say, wherever it comes
// from; "" for nothing. It may ask the keyring: never call it on the UI
// goroutine.
func (b *Bucket) InUse(ctx context.Context, variable string) (string, error) {
	set := b.Settings()
	switch variable {
	case bucketEndpointEnv:
		return set.Endpoint, nil
	case bucketRegionEnv:
		return set.Region, nil
	case bucketNameEnv:
		return set.Name, nil
	case bucketAccessEnv:
		return set.AccessKey, nil
	case bucketPublicURLEnv:
		return set.PublicURL, nil
	case BucketSecretEnv:
		secret, _, err := b.access.Keys.Get(ctx, BucketAccount)
		return secret, err
	case BucketTokenEnv:
		return b.token(ctx)
	}
	for _, service := range b.access.Services {
		switch variable {
		case service.URLEnv:
			return b.access.BaseURL(service), nil
		case service.KeyEnv:
			key, _, err := b.access.Keys.Get(ctx, service.ID)
			return key, err
		}
	}
	return "", nil
}
