// Endpoints as people paste them: with the bucket's name in them, or the
// address of a store's web pages.

package storage

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// stores are the addresses of S3-compatible stores, as their documentation
// gives them. "bucket" stands before the host, or not; "region" is in it. api is
// the host without the bucket.
var stores = []struct {
	host        *regexp.Regexp
	api, region string // with $1 for region, and what else the pattern names
}{
	// Amazon S3, User guide: Virtual hosting, Website and dual-stack endpoints.
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3(?:-website)?[.-](?:dualstack\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?P<rest>\.cn)?$`), "s3.${region}.amazonaws.com${rest}", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3(?:-accelerate)?(?:\.dualstack)?\.amazonaws\.com$`), "s3.amazonaws.com", ""},
	// Cloudflare R2, S3 API compatibility; jurisdictions stand behind the account.
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?(?P<account>[0-9a-f]{32}(?:\.[a-z]+)?)\.r2\.cloudflarestorage\.com$`), "${account}.r2.cloudflarestorage.com", "auto"},
	// Backblaze B2, Wasabi, Scaleway, OVHcloud.
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3\.(?P<region>[a-z]{2}-[a-z]+-\d{3})\.backblazeb2\.com$`), "s3.${region}.backblazeb2.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.wasabisys\.com$`), "s3.${region}.wasabisys.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3\.(?P<region>[a-z]{2}-[a-z]{3})\.scw\.cloud$`), "s3.${region}.scw.cloud", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?s3\.(?P<region>[a-z0-9-]+)\.(?P<rest>(?:io\.|perf\.)?cloud\.ovh\.[a-z]+)$`), "s3.${region}.${rest}", "${region}"},
	// DigitalOcean Spaces, also by their CDN; Hetzner, Linode, Vultr; Google.
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?(?P<region>[a-z]{3}\d)(?:\.cdn)?\.digitaloceanspaces\.com$`), "${region}.digitaloceanspaces.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?(?P<region>[a-z]{3}\d)\.your-objectstorage\.com$`), "${region}.your-objectstorage.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?(?P<region>[a-z]{2}-[a-z]+-\d)\.linodeobjects\.com$`), "${region}.linodeobjects.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?(?P<region>[a-z]{3}\d)\.vultrobjects\.com$`), "${region}.vultrobjects.com", "${region}"},
	{regexp.MustCompile(`^(?:(?P<bucket>.+)\.)?storage\.googleapis\.com$`), "storage.googleapis.com", "auto"},
}

// pages are addresses of stores' web pages from which the bucket can be told.
var pages = []struct {
	address       *regexp.Regexp
	api, name, in string
}{
	{regexp.MustCompile(`^(?:[a-z0-9.-]+\.)?console\.aws\.amazon\.com/s3/buckets/(?P<bucket>[^/?]+)(?:.*[?&]region=(?P<region>[a-z0-9-]+))?`), "s3.${region}.amazonaws.com", "${bucket}", "${region}"},
	{regexp.MustCompile(`^dash\.cloudflare\.com/(?P<account>[0-9a-f]{32})/r2/(?:[a-z]+/)?buckets/(?P<bucket>[^/?]+)`), "${account}.r2.cloudflarestorage.com", "${bucket}", "auto"},
}

// publicOnly are addresses under which a bucket is read, not written.
var publicOnly = regexp.MustCompile(`(?:^pub-[0-9a-f]+\.r2\.dev|^f\d+\.backblazeb2\.com|\.cloudfront\.net)(?:$|/)`)

// Tidied is the configuration with each part where it belongs: an endpoint that
// names the bucket is taken apart, the region that it tells is taken where none
// is given, and characters that can't be seen are left out. The error says what
// of it contradicts itself; what isn't known stays as it is.
func (c BucketConfig) Tidied() (BucketConfig, error) {
	c.Endpoint, c.Name, c.PublicURL = field(c.Endpoint), field(c.Name), field(c.PublicURL)
	c.Region = regionIn(field(c.Region))
	c.AccessKey = bare(field(c.AccessKey))
	if c.Endpoint == "" {
		return c, nil
	}
	raw := c.Endpoint
	if bucket, ok := strings.CutPrefix(raw, "s3://"); ok {
		return c, fmt.Errorf("s3://%s is no address that can be reached: the endpoint is the host name the provider gives for S3, as in s3.eu-central-1.amazonaws.com", bucket)
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, _ := url.Parse(raw)
	if u == nil || u.Hostname() == "" || u.User != nil {
		return c, nil // Validate says what is wrong
	}
	host := strings.ToLower(strings.TrimRight(u.Hostname(), "."))
	if host == "" || strings.ContainsFunc(host, notInHost) {
		return c, nil
	}
	if publicOnly.MatchString(host + u.Path) {
		return c, fmt.Errorf("%s is where the bucket is read by anyone: that is the public URL; the endpoint is the host name the provider gives for S3", host)
	}
	if found, known, err := c.fromPage(host, u); known {
		return found, err
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return c, nil
	}
	return c.apart(u, host)
}

// NamesBucket reports whether the endpoint names the bucket, which has a field
// of its own: every object would lie in a folder of that name.
func (c BucketConfig) NamesBucket() bool {
	c.Name = ""
	tidy, err := c.Tidied()
	return err == nil && tidy.Name != ""
}

// apart takes the bucket out of the host or the path.
func (c BucketConfig) apart(u *url.URL, host string) (BucketConfig, error) {
	named := field(strings.Trim(u.Path, "/"))
	for _, store := range stores {
		at := store.host.FindStringSubmatchIndex(host)
		if at == nil {
			continue
		}
		matched := host
		expand := func(template string) string { return string(store.host.ExpandString(nil, template, matched, at)) }
		if bucket := expand("${bucket}"); bucket != "" {
			if named != "" && named != bucket {
				return c, fmt.Errorf("the endpoint has a folder (%s): leave it out", named)
			}
			named = bucket
		}
		host = expand(store.api)
		if c.Region == "" {
			c.Region = expand(store.region)
		}
		break
	}
	u.Path, u.Host = "", withPort(host, u.Port())
	switch folder, _, deep := strings.Cut(named, "/"); {
	case named == "":
	case deep:
		return c, fmt.Errorf("the endpoint has a path (%s): leave out what follows %s", named, folder)
	case c.Name == "":
		c.Name = named
	case c.Name != named:
		return c, fmt.Errorf("the endpoint names the bucket %s, and the bucket's name is %s: leave one of them out", named, c.Name)
	}
	c.Endpoint = u.String()
	return c, nil
}

// fromPage reads the address of a web page: a provider's, or MinIO's console,
// beside whose port, 9001, S3 answers at 9000.
func (c BucketConfig) fromPage(host string, u *url.URL) (_ BucketConfig, known bool, err error) {
	if rest, ok := cutAny(u.Path, "/browser", "/buckets", "/login"); ok && u.Port() == "9001" {
		u.Path, u.RawQuery, u.Fragment, u.Host = "/"+strings.SplitN(strings.Trim(rest, "/"), "/", 2)[0], "", "", withPort(host, "9000")
		found, err := c.apart(u, host)
		return found, true, err
	}
	whole := host + u.Path
	if u.RawQuery != "" {
		whole += "?" + u.RawQuery
	}
	for _, page := range pages {
		at := page.address.FindStringSubmatchIndex(whole)
		if at == nil {
			continue
		}
		expand := func(template string) string { return string(page.address.ExpandString(nil, template, whole, at)) }
		if expand(page.in) == "" && c.Region == "" {
			return c, true, fmt.Errorf("%s is a web page: the endpoint is the host name the provider gives for S3, as in s3.eu-central-1.amazonaws.com", host)
		}
		if c.Region == "" {
			c.Region = expand(page.in)
		}
		api := strings.ReplaceAll(page.api, "${region}", c.Region)
		found, err := c.apart(&url.URL{Scheme: "https", Host: expand(api), Path: "/" + expand(page.name)}, expand(api))
		return found, true, err
	}
	return c, false, nil
}

func cutAny(path string, prefixes ...string) (rest string, ok bool) {
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
			return rest, true
		}
	}
	return path, false
}

func withPort(host, port string) string {
	if strings.Contains(host, ":") && port == "" {
		return "[" + host + "]"
	}
	if port == "" || port == "443" {
		return host
	}
	return net.JoinHostPort(host, port)
}

// field is a line that was pasted into a form: without what can't be seen,
// quotes and the variable it was written into.
func field(pasted string) string {
	return strings.TrimFunc(Visible(pasted), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`", r) })
}

// regionIn finds the region's code in what a provider's page says: "Europe
// (Frankfurt) eu-central-1".
func regionIn(text string) string {
	if strings.ContainsAny(text, " (") {
		if code := regexp.MustCompile(`[a-z]{2}(?:-[a-z]+)+-\d+`).FindString(text); code != "" {
			return code
		}
	}
	return strings.ToLower(text)
}

func notInHost(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_:", r)
}
