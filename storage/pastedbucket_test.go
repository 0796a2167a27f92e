package storage_test

import (
	"testing"

	"github.com/maquette-studio/maquette/storage"
)

func TestBucketsAreRecognisedAsTheyArePasted(t *testing.T) {
	t.Parallel()
	const account = "0123456789abcdef0123456789abcdef"
	for name, row := range map[string]struct {
		pasted string
		want   storage.BucketConfig
	}{
		"rclone.conf": {
			"[r2]\ntype = s3\nprovider = Cloudflare\naccess_key_id = AK1\nsecret_access_key = se/cret+1=\nendpoint = https://" + account + ".r2.cloudflarestorage.com\nacl = private\n",
			storage.BucketConfig{Endpoint: "https://" + account + ".r2.cloudflarestorage.com", Region: "auto", AccessKey: "AK1", SecretKey: "se/cret+1="},
		},
		"AWS profile": {
			"[default]\r\naws_access_key_id=AKIAEXAMPLE\r\naws_secret_access_key=abc/def\r\nregion=eu-central-1\r\n",
			storage.BucketConfig{Endpoint: "https://s3.eu-central-1.amazonaws.com", Region: "eu-central-1", AccessKey: "AKIAEXAMPLE", SecretKey: "abc/def"},
		},
		"JSON of keys": {
			`{"AccessKey":{"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"abc","Status":"Active"},"region":"us-east-1"}`,
			storage.BucketConfig{Endpoint: "https://s3.us-east-1.amazonaws.com", Region: "us-east-1", AccessKey: "AKIAEXAMPLE", SecretKey: "abc"},
		},
		"endpoint with the bucket": {
			"https://" + account + ".r2.cloudflarestorage.com/photos",
			storage.BucketConfig{Endpoint: "https://" + account + ".r2.cloudflarestorage.com", Region: "auto", Name: "photos"},
		},
		"shell, with the account's id": {
			"export R2_ACCOUNT_ID=\"" + account + "\"\nexport R2_ACCESS_KEY_ID='k'\nexport R2_BUCKET=photos",
			storage.BucketConfig{Endpoint: "https://" + account + ".r2.cloudflarestorage.com", Region: "auto", Name: "photos", AccessKey: "k"},
		},
		"Backblaze's page": {
			"keyID: 003abc\nkeyName: maquette\napplicationKey: K003secret\nEndpoint: s3.eu-central-003.backblazeb2.com",
			storage.BucketConfig{Endpoint: "https://s3.eu-central-003.backblazeb2.com", Region: "eu-central-003", AccessKey: "003abc", SecretKey: "K003secret"},
		},
	} {
		got, known := storage.PastedBucket(row.pasted)
		if !known || got != row.want {
			t.Errorf("%s: it is read as endpoint %q, region %q, name %q, access key %q, secret %q", name, got.Endpoint, got.Region, got.Name, got.AccessKey, got.SecretKey)
		}
	}
	for _, nothing := range []string{"", "hello", "my bucket is nice", "{}", "[section]\n"} {
		if got, known := storage.PastedBucket(nothing); known {
			t.Errorf("%q is read as %v", nothing, got)
		}
	}
	if got := storage.CloudflareAccount("https://" + account + ".r2.cloudflarestorage.com"); got != account {
		t.Errorf("the account is read as %q", got)
	}
}

func FuzzPastedBucket(f *testing.F) {
	f.Add("[r2]\nendpoint = example.com\nregion = auto")
	f.Add(`{"a":[{"bucket":"b"}]}`)
	f.Fuzz(func(_ *testing.T, pasted string) { storage.PastedBucket(pasted) })
}
