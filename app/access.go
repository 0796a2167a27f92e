package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/providers/registry"
	"github.com/maquette-studio/maquette/storage"
)

// BucketAccount is the keyring account of the bucket's secret.
const BucketAccount = "bucket"

// The bucket can come from the environment, as keys can; it wins over
// Settings and is never stored.
const (
	bucketEndpointEnv  = "MAQUETTE_BUCKET_ENDPOINT"
	bucketRegionEnv    = "MAQUETTE_BUCKET_REGION"
	bucketNameEnv      = "MAQUETTE_BUCKET_NAME"
	bucketAccessEnv    = "MAQUETTE_BUCKET_ACCESS_KEY"
	bucketSecretEnv    = "MAQUETTE_BUCKET_SECRET_KEY" //nolint:gosec // the name of the variable, not its value
	bucketPublicURLEnv = "MAQUETTE_BUCKET_PUBLIC_URL"
)

const checkPatience = 45 * time.Second

// BaseURL is where a service is reached: the environment's, the settings', or
// its own.
func (s *Studio) BaseURL(service *providers.Service) string {
	if s.sandbox != nil {
		return s.sandbox.URL(service.ID)
	}
	if fromEnv := s.cfg.Env(service.URLEnv); fromEnv != "" {
		return strings.TrimRight(fromEnv, "/")
	}
	if set := s.Settings().BaseURLs[service.ID]; set != "" {
		return strings.TrimRight(set, "/")
	}
	return service.BaseURL
}

// Conn is the way to a service, with its key. It may ask the keyring: never
// call it on the UI goroutine.
func (s *Studio) Conn(ctx context.Context, service *providers.Service) (providers.Conn, error) {
	conn := providers.Conn{BaseURL: s.BaseURL(service)}
	if err := httpapi.CheckBaseURL(conn.BaseURL); err != nil {
		return conn, &providers.Failure{
			Kind: providers.InvalidInput, Message: fmt.Sprintf("The address set for %s can't be used: %v", service.Title, err),
			Advice: "Mend it in Settings, or in " + service.URLEnv + ".", Money: providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	key, _, err := s.keys.Get(ctx, service.ID)
	if err != nil {
		return conn, keyFailure(service.Title, err)
	}
	if key == "" {
		return conn, &providers.Failure{
			Kind: providers.BadKey, Message: "There is no key for " + service.Title,
			Advice: fmt.Sprintf("Add it in Settings, with “maquette keys set %s”, or in %s; get one at %s.", service.ID, service.KeyEnv, service.KeyPage),
			Money:  providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	conn.Key = key
	return conn, nil
}

func keyFailure(title string, err error) error {
	return &providers.Failure{
		Kind: providers.BadKey, Message: "The key for " + title + " could not be read: " + err.Error(),
		Advice: "Unlock the system's keyring and retry.", Money: providers.NotSpent, Outcome: providers.NotSent, Cause: err,
	}
}

// KeyWhere says where the key of an account is kept: "environment",
// "keyring", "session", or "" for nowhere. Never call it on the UI goroutine.
func (s *Studio) KeyWhere(ctx context.Context, account string) (storage.KeyWhere, error) {
	_, where, err := s.keys.Get(ctx, account)
	return where, err
}

// SetKey keeps a key and says where: in the keyring, or for this session only
// where there is no keyring.
func (s *Studio) SetKey(ctx context.Context, account, secret string) (storage.KeyWhere, error) {
	where, err := s.keys.Set(ctx, account, secret)
	if err != nil {
		return where, fmt.Errorf("keeping the key: %w", err)
	}
	s.noticeKeyring(where)
	s.publish(SettingsChanged, account)
	return where, nil
}

func (s *Studio) noticeKeyring(where storage.KeyWhere) {
	if where != storage.KeySession || s.Demo() {
		s.troubles.clear(s, "keyring")
		return
	}
	text := "The key is kept until Maquette closes, and never in a file."
	if why := s.keys.Trouble(); why != nil {
		text += " (" + why.Error() + ")"
	}
	s.troubles.set(s, Trouble{Code: "keyring", Title: "This system offers no keyring", Text: text})
}

// DeleteKey forgets a key.
func (s *Studio) DeleteKey(ctx context.Context, account string) error {
	if err := s.keys.Delete(ctx, account); err != nil {
		return fmt.Errorf("deleting the key: %w", err)
	}
	s.publish(SettingsChanged, account)
	return nil
}

// CheckKey asks the service whether the stored key works, at no cost, and
// answers in words.
func (s *Studio) CheckKey(ctx context.Context, serviceID string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	service, ok := s.Service(serviceID)
	if !ok {
		return "", fmt.Errorf("there is no service %s", serviceID)
	}
	conn, err := s.Conn(ctx, service)
	if err != nil {
		return "", err
	}
	return service.CheckKey(ctx, conn)
}

// Call makes one of a service's calls. A picture of this computer's in an image
// field is sent as a prepared copy.
func (s *Studio) Call(ctx context.Context, id string, raw map[string]any) (any, []providers.Problem, error) {
	service, call, ok := registry.Call(id)
	if !ok {
		return nil, nil, fmt.Errorf("there is no call %s", id)
	}
	values, problems := providers.Parse(call.Fields, raw)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	values, problems, err := s.inlineImages(ctx, call.Fields, values)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	conn, err := s.Conn(ctx, service)
	if err != nil {
		return nil, nil, err
	}
	answer, err := call.Do(ctx, conn, values)
	return answer, nil, err
}

// BucketSettings is the bucket in use, without its secret: the environment's,
// the sandbox's in demo mode, or the one in Settings.
func (s *Studio) BucketSettings() BucketSettings {
	if s.sandbox != nil {
		b := s.sandbox.Bucket()
		return BucketSettings{Endpoint: b.Endpoint, Region: b.Region, Name: b.Name, AccessKey: b.AccessKey, PublicURL: b.PublicURL}
	}
	if endpoint := s.cfg.Env(bucketEndpointEnv); endpoint != "" {
		return BucketSettings{
			Endpoint: endpoint, Region: s.cfg.Env(bucketRegionEnv), Name: s.cfg.Env(bucketNameEnv),
			AccessKey: s.cfg.Env(bucketAccessEnv), PublicURL: s.cfg.Env(bucketPublicURLEnv),
		}
	}
	return s.Settings().Bucket
}

// Bucket opens the bucket. It may ask the keyring: never call it on the UI
// goroutine.
func (s *Studio) Bucket(ctx context.Context) (*storage.Bucket, error) {
	set := s.BucketSettings()
	if set.Endpoint == "" || set.Name == "" {
		return nil, &providers.Failure{
			Kind: providers.NoBucket, Message: "No bucket is set up; photos need one so that the service can fetch them",
			Advice: "Set up an S3-compatible bucket in Settings, or with: maquette bucket set",
			Money:  providers.NotSpent, Outcome: providers.NotSent,
		}
	}
	secret, err := s.bucketSecret(ctx)
	if err != nil {
		return nil, keyFailure("the bucket", err)
	}
	bucket, err := s.bucket.open(storage.BucketConfig{
		Endpoint: set.Endpoint, Region: set.Region, Name: set.Name,
		AccessKey: set.AccessKey, SecretKey: secret, PublicURL: set.PublicURL,
	})
	return bucket, bucketFailure(err)
}

// openBucket keeps the bucket's client, with its connections, until other
// settings are used.
type openBucket struct {
	mu     sync.Mutex
	config storage.BucketConfig
	bucket *storage.Bucket
}

func (o *openBucket) open(config storage.BucketConfig) (*storage.Bucket, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.bucket != nil && o.config == config {
		return o.bucket, nil
	}
	bucket, err := storage.OpenBucket(config)
	if err != nil {
		return nil, err
	}
	o.close()
	o.config, o.bucket = config, bucket
	return bucket, nil
}

// close lets go of the connections; o.mu is held, or nobody else is left.
func (o *openBucket) close() {
	if o.bucket != nil {
		o.bucket.Close()
	}
}

// bucketIsLocal reports whether the bucket is on this computer; only then may
// its links lead here.
func (s *Studio) bucketIsLocal() bool {
	set := s.BucketSettings()
	return isLoopback(cmp.Or(set.PublicURL, set.Endpoint))
}

func (s *Studio) bucketSecret(ctx context.Context) (string, error) {
	if s.sandbox != nil {
		return s.sandbox.Bucket().SecretKey, nil
	}
	secret, _, err := s.keys.Get(ctx, BucketAccount)
	return secret, err
}

// InvalidBucket says which of the bucket's settings can't be right.
type InvalidBucket struct{ err error }

func (i *InvalidBucket) Error() string { return i.err.Error() }

// Unwrap returns the cause.
func (i *InvalidBucket) Unwrap() error { return i.err }

// SetBucket stores the bucket's settings, and its secret unless that is empty.
func (s *Studio) SetBucket(ctx context.Context, set BucketSettings, secret string) (storage.KeyWhere, error) {
	check := storage.BucketConfig{
		Endpoint: set.Endpoint, Region: set.Region, Name: set.Name,
		AccessKey: set.AccessKey, SecretKey: secret, PublicURL: set.PublicURL,
	}
	if secret == "" {
		check.SecretKey = "kept"
	}
	if err := check.Validate(); err != nil {
		return "", &InvalidBucket{err}
	}
	where := storage.KeyWhere("")
	if secret != "" {
		var err error
		if where, err = s.SetKey(ctx, BucketAccount, secret); err != nil {
			return "", err
		}
	}
	return where, s.ChangeSettings(func(settings *Settings) { settings.Bucket = set })
}

// DeleteBucket forgets the bucket and its secret.
func (s *Studio) DeleteBucket(ctx context.Context) error {
	return errors.Join(
		s.keys.Delete(ctx, BucketAccount),
		s.ChangeSettings(func(settings *Settings) { settings.Bucket = BucketSettings{} }),
	)
}

// CheckBucket uploads a small picture, reads it anonymously and deletes it.
func (s *Studio) CheckBucket(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	bucket, err := s.Bucket(ctx)
	if err != nil {
		return err
	}
	return bucket.Check(ctx)
}

// bucketReady says before anything is prepared that the job needs a bucket and
// there is none.
func (s *Studio) bucketReady(ctx context.Context, task *providers.Task, values providers.Values) error {
	if !needsBucket(task, values) {
		return nil
	}
	_, err := s.Bucket(ctx)
	return err
}

func needsBucket(task *providers.Task, values providers.Values) bool {
	if task.Hosted != nil {
		return task.Hosted(values)
	}
	return task.Photos != nil || len(imageRefs(values)) > 0
}

// imageRefs are the pictures of this computer that a job's values refer to, in
// lists too.
func imageRefs(values providers.Values) []string {
	var refs []string
	for _, value := range values {
		switch v := value.(type) {
		case string:
			if strings.HasPrefix(v, contentPrefix) {
				refs = append(refs, v)
			}
		case []providers.Values:
			for _, item := range v {
				refs = append(refs, imageRefs(item)...)
			}
		}
	}
	return refs
}

func isWebURL(ref string) bool {
	return strings.HasPrefix(ref, "https://") || strings.HasPrefix(ref, "http://")
}

func isLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
