package storage_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/storage"
)

func TestBucketSettingsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	good := storage.BucketConfig{Endpoint: "s3.example.com", Name: "photos", AccessKey: "id", SecretKey: "secret"}
	rows := map[string]struct {
		change func(c *storage.BucketConfig)
		says   string
	}{
		"good":                  {func(*storage.BucketConfig) {}, ""},
		"a URL":                 {func(c *storage.BucketConfig) { c.Endpoint = "https://s3.example.com:9000/" }, ""},
		"http on loopback":      {func(c *storage.BucketConfig) { c.Endpoint = "http://localhost:9000" }, ""},
		"http on IPv6 loopback": {func(c *storage.BucketConfig) { c.Endpoint = "http://[::1]:9000" }, ""},
		"a public URL":          {func(c *storage.BucketConfig) { c.PublicURL = "https://pub.example.com/x" }, ""},
		"no endpoint":           {func(c *storage.BucketConfig) { c.Endpoint = " " }, "endpoint is missing"},
		"http elsewhere":        {func(c *storage.BucketConfig) { c.Endpoint = "http://s3.example.com" }, "use https"},
		"http on a lookalike":   {func(c *storage.BucketConfig) { c.Endpoint = "http://localhost.example.com" }, "use https"},
		"another scheme":        {func(c *storage.BucketConfig) { c.Endpoint = "ftp://s3.example.com" }, "use https"},
		"a path":                {func(c *storage.BucketConfig) { c.Endpoint = "https://s3.example.com/photos" }, "leave it out"},
		"a user":                {func(c *storage.BucketConfig) { c.Endpoint = "https://me:pw@s3.example.com" }, "only a host"},
		"not a URL":             {func(c *storage.BucketConfig) { c.Endpoint = "https://%zz" }, "cannot be read"},
		"no name":               {func(c *storage.BucketConfig) { c.Name = "" }, "bucket name"},
		"no access key":         {func(c *storage.BucketConfig) { c.AccessKey = "" }, "access key is missing"},
		"no secret key":         {func(c *storage.BucketConfig) { c.SecretKey = "\n" }, "secret key is missing"},
		"a plain public URL":    {func(c *storage.BucketConfig) { c.PublicURL = "http://pub.example.com" }, "use https"},
		"a public URL with a ?": {func(c *storage.BucketConfig) { c.PublicURL = "https://pub.example.com/?a=b" }, "public URL"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			c := good
			row.change(&c)
			_, err := storage.OpenBucket(c, plainNetwork{})
			if row.says == "" && err != nil {
				t.Error(err)
			}
			if row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "pw") {
				t.Errorf("a password is in %v", err)
			}
		})
	}
}

func TestLinks(t *testing.T) {
	config := storage.BucketConfig{
		Endpoint: "https://s3.example.com", Region: "us-east-1", Name: "photos", AccessKey: "id", SecretKey: "secret",
	}
	presigned := openBucket(t, config)
	for _, life := range []time.Duration{0, time.Millisecond, -time.Hour, storage.MaxLinkLife + time.Second} {
		if link, err := presigned.Link(t.Context(), "x.png", life); err == nil {
			t.Errorf("a life of %v gives %s", life, link)
		}
	}
	link, err := presigned.Link(t.Context(), "x.png", storage.MaxLinkLife)
	if err != nil || !strings.Contains(link, "X-Amz-Expires=604800") || strings.Contains(link, "secret") {
		t.Errorf("got %s, %v", link, err)
	}
	config.PublicURL = "https://pub.example.com/mine/"
	public, err := openBucket(t, config).Link(t.Context(), "../a b/x.png", time.Hour)
	if err != nil || public != "https://pub.example.com/mine/a%20b/x.png" {
		t.Errorf("got %s, %v", public, err)
	}
}

func TestUnguessableNames(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{32}\.png$`)
	seen := map[string]bool{}
	for range 1000 {
		name := storage.UnguessableName(".png")
		if !shape.MatchString(name) || seen[name] {
			t.Fatalf("got %q", name)
		}
		seen[name] = true
	}
}

func TestTheBucketsSecretIsNeitherStoredNorLogged(t *testing.T) {
	c := storage.BucketConfig{Endpoint: "s3.example.com", Name: "photos", AccessKey: "id", SecretKey: "hush"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("bucket", "config", c, "pointer", &c)
	slog.New(slog.NewTextHandler(&out, nil)).Info("bucket", "config", c, "pointer", &c)
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "hush") || !strings.Contains(out.String(), "photos") {
		t.Error(out.String())
	}
}
