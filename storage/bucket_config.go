// What a person enters to connect a bucket.

package storage

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// BucketConfig is how to reach a bucket. Its JSON and its printed forms leave
// the secret out.
type BucketConfig struct {
	Endpoint  string // "s3.eu-central-1.amazonaws.com", "https://….r2.cloudflarestorage.com", "http://127.0.0.1:9000"
	Region    string // empty: the store is asked
	Name      string // the bucket's own name
	AccessKey string
	SecretKey string `json:"-"`
	// SessionToken belongs to temporary keys, whose ids begin with ASIA at
	// Amazon; empty for lasting ones.
	SessionToken string `json:"-"`
	PublicURL    string // empty: links are presigned. Else the address under which the bucket is read by anyone
}

// String leaves the secret out.
func (c BucketConfig) String() string {
	return fmt.Sprintf("bucket %s at %s", c.Name, c.Endpoint)
}

// GoString leaves the secret out.
func (c BucketConfig) GoString() string {
	return fmt.Sprintf("storage.BucketConfig{Endpoint:%q, Name:%q}", c.Endpoint, c.Name)
}

// Format leaves the secret out under every verb.
func (c BucketConfig) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, c.GoString())
		return
	}
	fmt.Fprint(f, c.String())
}

// LogValue leaves the secret out.
func (c BucketConfig) LogValue() slog.Value {
	return slog.GroupValue(slog.String("endpoint", c.Endpoint), slog.String("name", c.Name))
}

// Validate says what is wrong with c, each problem on a line of its own, nil
// when nothing is. Nothing is sent.
func (c BucketConfig) Validate() error {
	_, endpointErr := c.endpoint()
	errs := []error{endpointErr}
	if err := s3utils.CheckValidBucketName(c.Name); err != nil {
		errs = append(errs, fmt.Errorf("bucket name %q: %w", c.Name, err))
	}
	if strings.TrimSpace(c.AccessKey) == "" {
		errs = append(errs, errors.New("the access key is missing"))
	}
	if strings.TrimSpace(c.SecretKey) == "" {
		errs = append(errs, errors.New("the secret key is missing"))
	}
	if strings.HasPrefix(c.AccessKey, "ASIA") && c.SessionToken == "" {
		errs = append(errs, errors.New("the session token is missing: keys that begin with ASIA are temporary and come with one"))
	}
	if c.PublicURL != "" {
		errs = append(errs, checkPublicURL(c.PublicURL))
	}
	return errors.Join(errs...)
}

// endpoint parses the endpoint; a bare host is reached by https.
func (c BucketConfig) endpoint() (*url.URL, error) {
	raw := strings.TrimSuffix(strings.TrimSpace(c.Endpoint), "/")
	if raw == "" {
		return nil, errors.New("the endpoint is missing: it is the host name the provider gives for S3, as in s3.eu-central-1.amazonaws.com")
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("the endpoint cannot be read: give a host name or a URL")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the endpoint is only a host: keys and options have fields of their own")
	}
	if u.Path != "" {
		return nil, fmt.Errorf("the endpoint has a path (%s): leave it out, the bucket's name has its own field", u.Path)
	}
	return u, checkScheme("endpoint", u)
}

func checkPublicURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return errors.New("the public URL cannot be read: it begins with https://")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("the public URL must end with the host or a folder, without user, ? or #")
	}
	return checkScheme("public URL", u)
}

// checkScheme allows plain http only on this computer.
func checkScheme(what string, u *url.URL) error {
	switch {
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return fmt.Errorf("the %s would send keys or photos unencrypted: use https", what)
	default:
		return fmt.Errorf("the %s begins with %s://: use https", what, u.Scheme)
	}
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
}

// region is what requests are signed for; empty lets minio-go ask the store.
// R2 knows only "auto" (Cloudflare R2 docs, S3 API compatibility).
func (c BucketConfig) region(endpoint *url.URL) string {
	if c.Region == "" && strings.HasSuffix(endpoint.Hostname(), ".r2.cloudflarestorage.com") {
		return "auto"
	}
	return c.Region
}
