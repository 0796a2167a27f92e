package storage_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/bounds"
)

func TestEndpointsThatNameTheBucketAreTakenApart(t *testing.T) {
	t.Parallel()
	const account = "0123456789abcdef0123456789abcdef"
	for pasted, want := range map[string]string{ // endpoint, bucket, region
		"https://s3.eu-central-1.amazonaws.com":                                                   "https://s3.eu-central-1.amazonaws.com  eu-central-1",
		"https://photos.s3.eu-central-1.amazonaws.com/":                                           "https://s3.eu-central-1.amazonaws.com photos eu-central-1",
		"photos.s3.eu-central-1.amazonaws.com":                                                    "https://s3.eu-central-1.amazonaws.com photos eu-central-1",
		"https://my.photos.s3-us-west-2.amazonaws.com":                                            "https://s3.us-west-2.amazonaws.com my.photos us-west-2",
		"https://photos.s3.dualstack.us-east-1.amazonaws.com":                                     "https://s3.us-east-1.amazonaws.com photos us-east-1",
		"http://photos.s3-website.eu-west-1.amazonaws.com":                                        "http://s3.eu-west-1.amazonaws.com photos eu-west-1",
		"https://photos.s3.amazonaws.com":                                                         "https://s3.amazonaws.com photos ",
		"https://s3.eu-central-1.amazonaws.com/photos":                                            "https://s3.eu-central-1.amazonaws.com photos eu-central-1",
		"https://eu-west-3.console.aws.amazon.com/s3/buckets/photos?region=eu-west-3&tab=objects": "https://s3.eu-west-3.amazonaws.com photos eu-west-3",
		"https://" + account + ".r2.cloudflarestorage.com":                                        "https://" + account + ".r2.cloudflarestorage.com  auto",
		"https://" + account + ".r2.cloudflarestorage.com/photos":                                 "https://" + account + ".r2.cloudflarestorage.com photos auto",
		"https://" + account + ".eu.r2.cloudflarestorage.com/photos/":                             "https://" + account + ".eu.r2.cloudflarestorage.com photos auto",
		"https://photos." + account + ".r2.cloudflarestorage.com":                                 "https://" + account + ".r2.cloudflarestorage.com photos auto",
		"https://dash.cloudflare.com/" + account + "/r2/default/buckets/photos":                   "https://" + account + ".r2.cloudflarestorage.com photos auto",
		"https://photos.s3.us-west-004.backblazeb2.com":                                           "https://s3.us-west-004.backblazeb2.com photos us-west-004",
		"https://photos.nyc3.digitaloceanspaces.com":                                              "https://nyc3.digitaloceanspaces.com photos nyc3",
		"https://photos.nyc3.cdn.digitaloceanspaces.com":                                          "https://nyc3.digitaloceanspaces.com photos nyc3",
		"https://photos.s3.eu-central-2.wasabisys.com":                                            "https://s3.eu-central-2.wasabisys.com photos eu-central-2",
		"https://photos.s3.fr-par.scw.cloud":                                                      "https://s3.fr-par.scw.cloud photos fr-par",
		"https://photos.fsn1.your-objectstorage.com":                                              "https://fsn1.your-objectstorage.com photos fsn1",
		"http://127.0.0.1:9001/browser/photos":                                                    "http://127.0.0.1:9000 photos ",
		"https://minio.example.com:9001/buckets/photos/browse":                                    "https://minio.example.com:9000 photos ",
		"http://127.0.0.1:9000/photos":                                                            "http://127.0.0.1:9000 photos ",
		"http://[::1]:9000":                                                                       "http://[::1]:9000  ",
		"\ufeff“https://s3.example.com”\n":                                                        "https://s3.example.com  ",
		"https://photos.example.com":                                                              "https://photos.example.com  ",
	} {
		got, err := storage.BucketConfig{Endpoint: pasted}.Tidied()
		if said := got.Endpoint + " " + got.Name + " " + got.Region; err != nil || said != want {
			t.Errorf("%s becomes %q, %v; want %q", pasted, said, err, want)
		}
		again, err := got.Tidied()
		if err != nil || again != got {
			t.Errorf("%s becomes %+v the second time, %v", pasted, again, err)
		}
	}
	same, err := storage.BucketConfig{Endpoint: "https://photos.s3.eu-central-1.amazonaws.com", Name: "photos", Region: "Europe (Frankfurt) eu-central-1"}.Tidied()
	if err != nil || same.Name != "photos" || same.Region != "eu-central-1" || strings.Contains(same.Endpoint, "photos") {
		t.Errorf("%+v, %v", same, err)
	}
}

func TestEndpointsThatContradictAreRefused(t *testing.T) {
	t.Parallel()
	for pasted, says := range map[string]string{
		"https://other.s3.eu-central-1.amazonaws.com":              "names the bucket other",
		"https://s3.example.com/other":                             "names the bucket other",
		"https://s3.example.com/photos/folder":                     "has a path",
		"s3://photos":                                              "no address",
		"https://pub-0123abcd.r2.dev":                              "public URL",
		"https://f004.backblazeb2.com/file/photos":                 "public URL",
		"https://s3.console.aws.amazon.com/s3/buckets/photos":      "web page",
		"https://photos.s3.eu-central-1.amazonaws.com/some/folder": "folder",
	} {
		if got, err := (storage.BucketConfig{Endpoint: pasted, Name: "photos"}).Tidied(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s becomes %+v, %v", pasted, got, err)
		}
	}
}

func FuzzEndpoint(f *testing.F) {
	for _, seed := range []string{
		"https://photos.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:9001/browser/x", "s3://", "[::1", "https://a@b/c?d#e", "//", "https://dash.cloudflare.com/0123456789abcdef0123456789abcdef/r2/buckets/x",
		"endpoint = https://x.r2.cloudflarestorage.com",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		var got storage.BucketConfig
		var err error
		bounds.Hold(t, bounds.Text, func() { got, err = storage.BucketConfig{Endpoint: pasted}.Tidied() })
		if err != nil {
			return
		}
		again, err := got.Tidied()
		if err != nil || again != got {
			t.Errorf("%q becomes %#v and then %#v, %v", pasted, got, again, err)
		}
		before, _ := url.Parse(strings.TrimSpace(pasted))
		if after, err := url.Parse(got.Endpoint); err == nil && before != nil && before.Scheme == "https" && after.Scheme == "http" {
			t.Errorf("%q is sent in clear", pasted)
		}
	})
}
