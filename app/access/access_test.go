package access_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

var fake = &providers.Service{
	ID: "fake", Title: "Fake", KeyEnv: "FAKE_KEY", URLEnv: "FAKE_URL", BaseURL: "https://api.fake.example.com", KeyPage: "https://fake.example.com/keys",
}

type quiet struct{}

func (quiet) Set(string, providers.Sentence, providers.Sentence) {}
func (quiet) Clear(string)                                       {}

// open is the access of somebody with this environment and no keyring.
func open(t *testing.T, env map[string]string) *access.Access {
	t.Helper()
	db, err := storage.Open(filepath.Join(t.TempDir(), "maquette.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	store, err := settings.Load(db, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return &access.Access{
		Env: func(name string) string { return env[name] }, Services: providers.Services{fake},
		Keys: storage.NewSessionKeys(), Settings: store, Troubles: quiet{}, Changed: func(string) {},
	}
}

func TestTheAddressIsTheFirstThatIsSet(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	a := open(t, env)
	want := func(address string, local bool) {
		t.Helper()
		if got := a.BaseURL(fake); got != address || a.IsLocal(fake) != local {
			t.Errorf("it is reached at %s (on this computer: %v) instead of %s", got, a.IsLocal(fake), address)
		}
	}
	want("https://api.fake.example.com", false)
	if err := a.Settings.Change(func(s *settings.Settings) { s.BaseURLs = map[string]string{"fake": "https://gateway.example.com/"} }); err != nil {
		t.Fatal(err)
	}
	want("https://gateway.example.com", false)
	env["FAKE_URL"] = "http://127.0.0.1:8080/"
	want("http://127.0.0.1:8080", true)
	a.Fixed = map[string]string{"fake": "http://localhost:9"}
	want("http://localhost:9", true)
}

func TestNothingIsSentWithoutAKeyOrByPlainHTTP(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	a := open(t, env)
	refused := func(kind providers.FailureKind, remedy providers.RemedyCode) {
		t.Helper()
		_, err := a.Conn(t.Context(), fake)
		var f *providers.Failure
		if !errors.As(err, &f) || f.Kind != kind || f.Remedy.Code != remedy || f.Outcome != providers.NotSent || f.Money != providers.NotSpent {
			t.Errorf("refused with %+v", err)
		}
	}
	refused(providers.BadKey, providers.OpenKeys)
	if _, err := a.SetKey(t.Context(), "fake", "k"); err != nil {
		t.Fatal(err)
	}
	if conn, err := a.Conn(t.Context(), fake); err != nil || conn.Key != "k" {
		t.Errorf("%v, %v", conn, err)
	}
	env["FAKE_URL"] = "http://api.fake.example.com"
	refused(providers.InvalidInput, providers.OpenAddress)
	env["FAKE_URL"] = ""
	if err := a.DeleteKey(t.Context(), "fake"); err != nil {
		t.Fatal(err)
	}
	refused(providers.BadKey, providers.OpenKeys)
}

func TestTheBucketIsTheFirstThatIsSet(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	a := open(t, env)
	bucket := access.NewBucket(a, settings.Bucket{})
	var f *providers.Failure
	if _, err := bucket.Open(t.Context()); !errors.As(err, &f) || f.Kind != providers.NoBucket || f.Remedy.Code != providers.OpenBucket {
		t.Errorf("without a bucket: %v", err)
	}
	var invalid *access.InvalidBucket
	if _, err := bucket.Set(t.Context(), settings.Bucket{Endpoint: "no address"}, access.BucketSecrets{Key: "s"}); !errors.As(err, &invalid) {
		t.Errorf("a wrong endpoint is taken: %v", err)
	}
	set := settings.Bucket{Endpoint: "https://s3.example.com", Region: "auto", Name: "photos", AccessKey: "AK"}
	if _, err := bucket.Set(t.Context(), set, access.BucketSecrets{Key: "secret"}); err != nil || bucket.Settings() != set || bucket.IsLocal() {
		t.Errorf("%+v, %v", bucket.Settings(), err)
	}
	env["MAQUETTE_BUCKET_ENDPOINT"], env["MAQUETTE_BUCKET_NAME"] = "http://127.0.0.1:9000", "own"
	if now := bucket.Settings(); now.Name != "own" || now.AccessKey != "" || !bucket.IsLocal() {
		t.Errorf("the environment's is %+v", now)
	}
	fixed := access.NewBucket(a, settings.Bucket{Endpoint: "http://127.0.0.1:1", Name: "demo"})
	if fixed.Settings().Name != "demo" {
		t.Errorf("the demo's is %+v", fixed.Settings())
	}
	if err := bucket.Delete(t.Context()); err != nil || a.Settings.Now().Bucket != (settings.Bucket{}) {
		t.Errorf("deleted: %+v, %v", a.Settings.Now().Bucket, err)
	}
}

func TestABucketIsSetAsItWasPasted(t *testing.T) {
	t.Parallel()
	env := map[string]string{}
	a := open(t, env)
	bucket := access.NewBucket(a, settings.Bucket{})
	pasted := settings.Bucket{Endpoint: "\ufeffhttps://photos.s3.eu-central-1.amazonaws.com/ ", AccessKey: "ASIAEXAMPLE\u200b"}
	var invalid *access.InvalidBucket
	if _, err := bucket.Set(t.Context(), pasted, access.BucketSecrets{Key: "secret"}); !errors.As(err, &invalid) {
		t.Errorf("temporary keys without their token: %v", err)
	}
	_, err := bucket.Set(t.Context(), pasted, access.BucketSecrets{Key: "secret", Token: "token"})
	want := settings.Bucket{Endpoint: "https://s3.eu-central-1.amazonaws.com", Region: "eu-central-1", Name: "photos", AccessKey: "ASIAEXAMPLE"}
	if err != nil || bucket.Settings() != want {
		t.Errorf("%+v, %v", bucket.Settings(), err)
	}
	if token, _, err := a.Keys.Get(t.Context(), access.BucketTokenAccount); token != "token" || err != nil {
		t.Errorf("the token is %q, %v", token, err)
	}
	want.AccessKey = "AKIAEXAMPLE"
	if _, err := bucket.Set(t.Context(), want, access.BucketSecrets{Key: "another"}); err != nil {
		t.Error(err)
	}
	if token, _, _ := a.Keys.Get(t.Context(), access.BucketTokenAccount); token != "" {
		t.Error("the token of keys that are gone is kept")
	}
	other := want
	other.Endpoint = "https://other.s3.eu-central-1.amazonaws.com"
	if _, err := bucket.Set(t.Context(), other, access.BucketSecrets{}); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "other") {
		t.Errorf("two buckets: %v", err)
	}
	env["MAQUETTE_BUCKET_ENDPOINT"] = "https://photos.nyc3.digitaloceanspaces.com"
	if now := bucket.Settings(); now.Name != "photos" || now.Region != "nyc3" || now.Endpoint != "https://nyc3.digitaloceanspaces.com" {
		t.Errorf("the environment's is %+v", now)
	}
}

// What a service could only have from elsewhere may not come in with its
// answers either.
func TestAConnectionKnowsWhatNoAnswerMayRepeat(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://me:proxy-password@127.0.0.1:9")
	t.Setenv("all_proxy", "socks5://other:socks-password@127.0.0.1:9")
	a := open(t, map[string]string{})
	for account, secret := range map[string]string{"fake": "key-1234", "another": "another-key-5678"} {
		if _, err := a.SetKey(t.Context(), account, secret); err != nil {
			t.Fatal(err)
		}
	}
	want := func(secrets ...string) {
		t.Helper()
		conn, err := a.Conn(t.Context(), fake)
		slices.Sort(conn.Secrets)
		if err != nil || !slices.Equal(conn.Secrets, secrets) {
			t.Errorf("%q, %v instead of %q", conn.Secrets, err, secrets)
		}
	}
	want("another-key-5678", "proxy-password", "socks-password")
	if _, err := a.SetKey(t.Context(), "another", "replaced"); err != nil { // the old one is no less a secret
		t.Fatal(err)
	}
	want("another-key-5678", "proxy-password", "replaced", "socks-password")
	for account, secret := range map[string]string{access.BucketAccount: "bucket-secret", access.BucketTokenAccount: "bucket-token"} {
		if _, err := a.SetKey(t.Context(), account, secret); err != nil {
			t.Fatal(err)
		}
	}
	err := a.Settings.Change(func(s *settings.Settings) {
		s.Bucket = settings.Bucket{Endpoint: "https://s3.example.com", Name: "photos"}
	})
	if err != nil {
		t.Fatal(err)
	}
	want("another-key-5678", "bucket-secret", "bucket-token", "proxy-password", "replaced", "socks-password")
}
