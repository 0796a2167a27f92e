// Buckets as people paste them: a section of rclone.conf or of an AWS profile,
// variables of a shell, a JSON of keys, or an address.

package storage

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// bucketNames are what others call a bucket's parts, in lower case and without
// what stands between words.
var bucketNames = map[string]func(*BucketConfig, string){
	"endpoint": toEndpoint, "endpointurl": toEndpoint, "awsendpointurl": toEndpoint, "awsendpointurls3": toEndpoint,
	"s3endpoint": toEndpoint, "s3api": toEndpoint, "hostbase": toEndpoint, "url": toEndpoint, "bucketendpoint": toEndpoint, "maquettebucketendpoint": toEndpoint,
	"accountid": toAccount, "cloudflareaccountid": toAccount, "r2accountid": toAccount,
	"region": toRegion, "awsregion": toRegion, "awsdefaultregion": toRegion, "bucketregion": toRegion, "maquettebucketregion": toRegion,
	"bucket": toBucket, "bucketname": toBucket, "s3bucket": toBucket, "r2bucket": toBucket, "r2bucketname": toBucket, "maquettebucketname": toBucket,
	"accesskeyid": toAccess, "awsaccesskeyid": toAccess, "accesskey": toAccess, "keyid": toAccess, "applicationkeyid": toAccess, "r2accesskeyid": toAccess,
	"b2applicationkeyid": toAccess, "minioaccesskey": toAccess, "miniorootuser": toAccess, "maquettebucketaccesskey": toAccess,
	"secretaccesskey": toSecret, "awssecretaccesskey": toSecret, "secretkey": toSecret, "applicationkey": toSecret, "r2secretaccesskey": toSecret,
	"b2applicationkey": toSecret, "miniosecretkey": toSecret, "miniorootpassword": toSecret, "maquettebucketsecretkey": toSecret,
	"sessiontoken": toToken, "awssessiontoken": toToken, "maquettebucketsessiontoken": toToken,
	"publicurl": toPublic, "maquettebucketpublicurl": toPublic,
}

func toEndpoint(c *BucketConfig, value string) { c.Endpoint = value }
func toAccount(c *BucketConfig, value string) {
	if cloudflareAccount.MatchString(value) && c.Endpoint == "" {
		c.Endpoint = CloudflareEndpoint(value)
	}
}
func toRegion(c *BucketConfig, value string) { c.Region = value }
func toBucket(c *BucketConfig, value string) { c.Name = value }
func toAccess(c *BucketConfig, value string) { c.AccessKey = value }
func toSecret(c *BucketConfig, value string) { c.SecretKey = value }
func toToken(c *BucketConfig, value string)  { c.SessionToken = value }
func toPublic(c *BucketConfig, value string) { c.PublicURL = value }

// cloudflareAccount is the id of a Cloudflare account (R2, S3 API).
var cloudflareAccount = regexp.MustCompile(`^[0-9a-f]{32}$`)

// CloudflareEndpoint is the endpoint of an account's buckets at Cloudflare R2.
func CloudflareEndpoint(account string) string {
	return "https://" + account + ".r2.cloudflarestorage.com"
}

// CloudflareAccount is the account that an endpoint at Cloudflare R2 names; ""
// for others.
func CloudflareAccount(endpoint string) string {
	_, rest, found := strings.Cut(endpoint, "://")
	if !found {
		rest = endpoint
	}
	account, place, _ := strings.Cut(strings.ToLower(rest), ".")
	if cloudflareAccount.MatchString(account) && strings.HasPrefix(place, "r2.cloudflarestorage.com") {
		return account
	}
	return ""
}

// PastedBucket is what a text says of a bucket, each part where it belongs; the
// rest is empty. known is whether it says anything. Two values for one part, as
// of several sections, leave the first.
func PastedBucket(pasted string) (c BucketConfig, known bool) {
	if len(pasted) > pastedMost {
		return c, false
	}
	text := Visible(pasted)
	seen := map[string]bool{}
	note := func(name, value string) {
		name = strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(strings.ToLower(name))
		value = strings.Trim(strings.TrimSpace(value), `"'`+"`,;")
		set, is := bucketNames[name]
		if is && value != "" && !seen[name] {
			seen[name] = true
			set(&c, value)
		}
	}
	if !noteJSON(text, note) {
		for line := range strings.SplitSeq(text, "\n") {
			if match := bucketLine.FindStringSubmatch(line); match != nil {
				note(match[1], match[2])
			}
		}
	}
	if len(seen) == 0 && !strings.ContainsAny(text, " \n=") && strings.Contains(text, ".") {
		c.Endpoint = text
	}
	if c == (BucketConfig{}) {
		return c, false
	}
	if c.Endpoint == "" && amazonRegion.MatchString(c.Region) && strings.HasPrefix(c.AccessKey, "A") {
		c.Endpoint = "https://s3." + c.Region + ".amazonaws.com"
	}
	if tidy, err := c.Tidied(); err == nil {
		c = tidy
	}
	return c, true
}

var (
	// bucketLine is a line of an INI file, of a shell or of a list: a name and a value.
	bucketLine   = regexp.MustCompile(`^\s*(?:export\s+|set\s+|\$env:|[-*]\s+)?["']?([A-Za-z][A-Za-z0-9 _.-]*?)["']?\s*[:=]\s*(\S.*?)\s*$`)
	amazonRegion = regexp.MustCompile(`^[a-z]{2}(?:-[a-z]+)+-\d$`)
)

// noteJSON gives each text in a JSON document to note, by its member's name, and
// reports whether the text is one.
func noteJSON(text string, note func(name, value string)) bool {
	var document any
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &document) != nil {
		return false
	}
	noteMembers("", document, note)
	return true
}

func noteMembers(name string, value any, note func(name, value string)) {
	switch v := value.(type) {
	case string:
		note(name, v)
	case []any:
		for _, item := range v {
			noteMembers(name, item, note)
		}
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			noteMembers(member, v[member], note)
		}
	}
}
