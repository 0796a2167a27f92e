package httpapi_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/conformance"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// Whatever of ours a service repeats, in whatever way it writes it, stays at
// the door, in answers and in refusals.
func TestNoSecretOfAnyKindComesIn(t *testing.T) {
	t.Parallel()
	const key = "key-not/for+anyone's&eyes"
	secrets := []string{"wJalrXUtnFEMI/K7MDENG+bPxRfiCY=", "FwoGZXIvYXdzE//token==", "proxy-pass:word%41", "KRUGKIDROVUWG2ZAMJZG65DP", key + "-longer"}
	for _, secret := range append([]string{key}, secrets...) {
		within, _ := json.Marshal(secret) // JSON in a text of JSON
		escaped := ""
		for _, r := range secret {
			escaped += fmt.Sprintf(`\u%04x`, r)
		}
		lower := regexp.MustCompile(`%..`).ReplaceAllStringFunc(url.QueryEscape(secret), strings.ToLower)
		forms := []string{
			quoted(secret), quoted(url.QueryEscape(secret)), quoted(url.PathEscape(secret)), quoted(lower),
			quoted(html.EscapeString(secret)), quoted(string(within)), `"` + escaped + `"`, quoted("said: " + secret + secret + "."),
		}
		for _, form := range forms {
			for _, status := range []int{200, 400} {
				conn, _ := conformance.Answering(t, status, `{"detail":`+form+`,`+form+`:[`+form+`]}`)
				conn.Key, conn.Secrets = key, secrets
				var answer any
				err := httpapi.New(httpapi.Options{Service: "Luma", Conn: conn}).Post(t.Context(), "/x", nil, &answer)
				kept, _ := json.Marshal(answer)
				said := string(kept)
				if err != nil {
					said += err.Error()
				}
				for _, tail := range []string{secret, url.QueryEscape(secret), "-longer", strings.ReplaceAll(quoted(secret), `"`, "")} {
					if strings.Contains(said, tail) {
						t.Errorf("%d %s comes in as %.300s", status, form, said)
					}
				}
			}
		}
	}
}

func quoted(text string) string {
	written, _ := json.Marshal(text)
	return string(written)
}

// What does something else than being shown comes in nowhere.
func TestNoControlComesIn(t *testing.T) {
	t.Parallel()
	conn, _ := conformance.Answering(t, 200, "{\"a\\u0000\":\"x\\u001b[31my\\u009b\\u202ez\\u0000\x7f\u2066\", \"b\":\"\xff\xfe\", \"c\":\"two\\nlines\\tand é 🦊\"}")
	var answer map[string]string
	if err := httpapi.New(httpapi.Options{Service: "Luma", Conn: conn}).Get(t.Context(), "/x", nil, &answer); err != nil {
		t.Fatal(err)
	}
	if answer["a"] != "x[31myz" || answer["c"] != "two\nlines\tand é 🦊" {
		t.Errorf("%q comes in", answer)
	}
	for name, text := range answer {
		if strings.ContainsFunc(name+text, providers.Unprintable) {
			t.Errorf("%q: %q comes in", name, text)
		}
	}
}

// A host that is redirected to, and the name of a coding, are text from
// outside as well.
func TestNoSecretComesInWithAHeader(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"Location": "https://" + fuzzedKey + ".example/", "Content-Encoding": fuzzedKey} {
		status := map[string]int{"Location": 307, "Content-Encoding": 200}[name]
		service := &answers{answers: []func(*http.Request) *http.Response{answer(status, `{}`, name, value)}}
		err := service.client(fuzzedKey).Post(t.Context(), "items", nil, &item{})
		if err == nil || strings.Contains(err.Error(), fuzzedKey) {
			t.Errorf("%s: said %v", name, err)
		}
	}
}

// A refusal that is longer than what is read of it is cut in the middle of a
// text, and no JSON any more.
func TestNoSecretComesInWithWhatIsCut(t *testing.T) {
	t.Parallel()
	escaped := strings.ReplaceAll(fuzzedKey, "k", `\u006b`)
	for _, body := range []string{
		`{"detail":"` + escaped + ` \u001b]0;owned ` + strings.Repeat("x", 200<<10) + `"}`,
		`{"detail":"` + escaped + ` \u001b]0;owned \u00`, `{"detail":"` + escaped + ` \ud83e\udd`, `{"detail":"` + escaped + `\`, `["` + escaped, "[" + fuzzedKey, fuzzedKey,
	} {
		conn, _ := conformance.Answering(t, 422, body)
		conn.Key = fuzzedKey
		err := httpapi.New(httpapi.Options{Service: "Luma", Conn: conn}).Post(t.Context(), "/x", nil, nil)
		if err == nil || strings.Contains(err.Error(), fuzzedKey) || strings.Contains(err.Error(), `u006b`) || strings.Contains(err.Error(), `u001b`) {
			t.Errorf("said %.300v", err)
		}
	}
}
