package storage_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/zalando/go-keyring"

	"github.com/maquette-studio/maquette/storage"
	"github.com/maquette-studio/maquette/storage/bounds"
)

func TestKeysArePastedInManyWays(t *testing.T) {
	t.Parallel()
	const key = "luma-0a1b2c3d-4e5f"
	for _, pasted := range []string{
		key, " " + key + "\r\n", "\ufeff" + key, key + "\u200b", "\u00a0" + key + "\u3000", "\u202a" + key + "\u202c",
		`"` + key + `"`, "'" + key + "'", "“" + key + "”", "`" + key + "`", `"` + key, key + ",",
		"export LUMAAI_API_KEY=" + key, "export LUMAAI_API_KEY='" + key + "'", "LUMAAI_API_KEY=" + key, "set LUMAAI_API_KEY=" + key,
		"setx LUMAAI_API_KEY " + key, `$env:LUMAAI_API_KEY = "` + key + `"`, `"api_key": "` + key + `",`, "api_token: " + key, "LUMAAI_API_KEY: " + key,
		"Bearer " + key, "bearer  " + key, "Authorization: Bearer " + key, `-H "Authorization: Bearer ` + key + `"`, "x-api-key: " + key, "Authorization:Bearer " + key,
		"ｌｕｍａ-0a1b2c3d-4e5f", key + key, key + " " + key, key + "\n" + key, key + "\n\n", "\n" + key, key + "\nurl: https://example.com\nlogin: me",
		"curl --request POST \\\n --url https://api.example.com/v1/x \\\n --header 'authorization: Bearer " + key + "' \\\n --data '{\"prompt\": \"key: value\"}'",
		`{"api_key":"` + key + `"}`, `{ "api_key": "` + key + `" }`, "set -gx LUMAAI_API_KEY " + key, "set -x LUMAAI_API_KEY '" + key + "'", "Bearer: " + key, "Bearer:" + key,
		"curl -H 'api_token: " + key + "' https://api.example.com",
	} {
		got, err := storage.CleanKey(pasted)
		if err != nil || got != key {
			t.Errorf("%q becomes %q, %v", pasted, got, err)
		}
	}
	for _, whole := range []string{"k", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "abc123==", "a:b", "A_B:c-d", "my-token:5e77", "sk_live_0123", "p@ss#w0rd!", "eyJhbGciOi.eyJzdWIi.SflKxw"} {
		if got, err := storage.CleanKey(whole); err != nil || got != whole {
			t.Errorf("%q becomes %q, %v", whole, got, err)
		}
	}
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	t.Parallel()
	for pasted, says := range map[string]string{
		"":                            "empty",
		"\u200b \ufeff":               "empty",
		"two words":                   "a space",
		"key\x00":                     "control",
		"key\twith tab":               "control",
		"one-key\nanother-key":        "several lines",
		"luma-\u0430bc":               "U+0430",
		"luma-abc…":                   "hidden",
		"sk-****cdef":                 "hidden",
		"<YOUR_API_KEY>":              "stands for",
		"$LUMAAI_API_KEY":             "stands for",
		"YOUR_API_KEY":                "stands for",
		"your-luma-api-key-here":      "stands for",
		"your_api_token":              "stands for",
		`{"a":"luma-1","b":"luma-2"}`: "no key has",
		`luma-abc\u200b`:              "no key has",
		"https://example.com/keys":    "web address",
		"key\xff":                     "no text",
		strings.Repeat("k", 1<<17):    "too long",
	} {
		got, err := storage.CleanKey(pasted)
		if !errors.Is(err, storage.ErrBadKey) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "luma-") {
			t.Errorf("%.40q becomes %q, %v", pasted, got, err)
		}
	}
}

func TestAKeyInTheEnvironmentIsCleanedOrRefused(t *testing.T) {
	keyring.MockInit()
	env := map[string]string{"LUMAAI_API_KEY": "\ufeff\"Bearer luma-123\"\r\n"}
	k := storage.OpenKeys(func(name string) string { return env[name] }, map[string]string{"luma": "LUMAAI_API_KEY"})
	assertKey(t, k, "luma", "luma-123", storage.KeyEnvironment)
	env["LUMAAI_API_KEY"] = "luma 123"
	if got, _, err := k.Get(t.Context(), "luma"); got != "" || !errors.Is(err, storage.ErrBadKey) || !strings.Contains(err.Error(), "LUMAAI_API_KEY") {
		t.Errorf("got %q, %v", got, err)
	}
}

// A store's secret may be anything that a person typed.
func TestABucketsSecretMayBeChosen(t *testing.T) {
	t.Parallel()
	k := storage.NewSessionKeys()
	for pasted, want := range map[string]string{
		"über 'alles' \"2\"\n":                 "über 'alles' \"2\"",
		"'two words'":                          "two words",
		"\ufeffwJalrXUtnFEMI/K7MDENG+bPx\r\n":  "wJalrXUtnFEMI/K7MDENG+bPx",
		"export AWS_SECRET_ACCESS_KEY=wJal/K7": "wJal/K7",
	} {
		if _, err := k.Set(t.Context(), storage.BucketAccount, pasted); err != nil {
			t.Error(err)
		}
		assertKey(t, k, storage.BucketAccount, want, storage.KeySession)
	}
	if _, err := k.Set(t.Context(), storage.BucketAccount, "a\nb"); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("two lines: %v", err)
	}
}

// Through whichever door a secret comes, what can't belong to one never gets in:
// it is cleaned away, or the whole is refused.
func TestNoDoorLetsASecretInUnclean(t *testing.T) {
	keyring.MockInit()
	const name = "A_KEY"
	env := map[string]string{}
	doors := map[string]func(account, pasted string) error{
		"the keyring": func(account, pasted string) error {
			delete(env, name)
			k := storage.OpenKeys(func(name string) string { return env[name] }, map[string]string{account: name})
			_, err := k.Set(t.Context(), account, pasted)
			return errors.Join(err, sound(t, k, account))
		},
		"the environment": func(account, pasted string) error {
			env[name] = pasted
			return sound(t, storage.OpenKeys(func(name string) string { return env[name] }, map[string]string{account: name}), account)
		},
		"a session": func(account, pasted string) error {
			k := storage.NewSessionKeys()
			_, err := k.Set(t.Context(), account, pasted)
			return errors.Join(err, sound(t, k, account))
		},
	}
	pasted := []string{
		"\ufeffkey-1234\r\n", "key-1234\u2028", "\u202ekey-1234\u202c", "key-1234\x00", "key-1234\x1b[0m", "key\r\nX-Evil: 1", "key\n\nanother", "\tkey-1234\t", "key-1234\v",
		"ke\u00ady-1234", "k\u0435y-1234", "“key-1234”", "key-1234\xff", "\xff\xfek\x00e\x00y\x00", strings.Repeat("k", 1<<17), "key 1234", "<key>", "Bearer ", "export A_KEY=", "🔑",
	}
	for door, through := range doors {
		for _, account := range []string{"luma", storage.BucketAccount, "bucket-token"} {
			for _, one := range pasted {
				if err := through(account, one); err != nil && !errors.Is(err, storage.ErrBadKey) {
					t.Errorf("%s, %s, %.40q: %v", door, account, one, err)
				}
			}
		}
	}
}

// sound holds what is handed out for an account to what can be sent, or signed with.
func sound(t *testing.T, k *storage.Keys, account string) error {
	t.Helper()
	key, _, err := k.Get(t.Context(), account)
	bad := func(r rune) bool { return unicode.IsControl(r) || r > unicode.MaxASCII || r == ' ' }
	if account == storage.BucketAccount { // a person may have chosen it
		bad = unicode.IsControl
	}
	if strings.ContainsFunc(key, bad) || !utf8.ValidString(key) || strings.TrimSpace(key) != key {
		t.Errorf("%s: %.40q is handed out", account, key)
	}
	return err
}

// Whatever is pasted: a key can stand in a header, and cleaning it again
// changes nothing.
func FuzzCleanKey(f *testing.F) {
	for _, seed := range []string{
		"luma-123", "export A_KEY='x'", "Authorization: Bearer x", "curl -H 'api_token: x'", "\ufeffx\n", "a=b=c", `"'"'"`, "ｌ", "set set set", "key: key: key:",
		"[r2]\ntype = s3\naccess_key_id = AKIA\nsecret_access_key = wJal/K7\nendpoint = https://x.r2.cloudflarestorage.com", "aws_secret_access_key=wJal\naws_session_token=Fwo",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		var key string
		var err error
		bounds.Hold(t, bounds.Text, func() {
			key, err = storage.CleanKey(pasted)
			if _, err := storage.CleanSecret(storage.BucketAccount, pasted); err != nil && len(pasted) > 12 && strings.Contains(err.Error(), pasted) {
				t.Errorf("the error repeats %q: %v", pasted, err)
			}
		})
		if err != nil {
			return
		}
		if key == "" || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || r == 0x7f }) {
			t.Errorf("%q becomes %q", pasted, key)
		}
	})
}
