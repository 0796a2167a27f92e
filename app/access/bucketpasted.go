// Buckets as people paste them, and what Cloudflare calls theirs.

package access

import (
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/storage"
)

// PastedBucket is what a text says of a bucket: a section of rclone.conf, an AWS
// profile, variables, a JSON of keys, an address. What it doesn't say is empty.
func PastedBucket(pasted string) (settings.Bucket, BucketSecrets, bool) {
	c, known := storage.PastedBucket(pasted)
	return settings.Bucket{Endpoint: c.Endpoint, Region: c.Region, Name: c.Name, AccessKey: c.AccessKey, PublicURL: c.PublicURL},
		BucketSecrets{Key: c.SecretKey, Token: c.SessionToken}, known
}

// CloudflareEndpoint is the endpoint of an account's buckets at Cloudflare R2.
func CloudflareEndpoint(account string) string { return storage.CloudflareEndpoint(account) }

// CloudflareAccount is the account that an endpoint at Cloudflare R2 names; ""
// for others.
func CloudflareAccount(endpoint string) string { return storage.CloudflareAccount(endpoint) }
