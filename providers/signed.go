// Links whose query gives access to what they lead to: to anybody who has them,
// until they end.

package providers

import (
	"bytes"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// signedLink is a web address whose query gives access to what it leads to:
// S3's and Google's signatures, Azure's and CDNs' short forms, tokens. JSON may
// write its & as \u0026.
var signedLink = regexp.MustCompile(`(?i)(https?://[^\s"'<>?#]+)[?#][^\s"'<>]*(?:signature|credential|token|(?:\b|\\u0026)(?:sig|key|policy|expires|hmac)=)[^\s"'<>]*`)

// Unsigned is JSON without the queries of the signed links in it.
func Unsigned(text []byte) []byte { return signedLink.ReplaceAll(text, []byte("$1")) }

// WithoutEnded is JSON without the queries of the signed links in it that say
// themselves that they have ended by now. What doesn't say stays.
func WithoutEnded(text []byte, now time.Time) []byte {
	return signedLink.ReplaceAllFunc(text, func(link []byte) []byte {
		plain := bytes.ReplaceAll(link, []byte(`\u0026`), []byte("&")) // as JSON may write it
		target, err := url.Parse(string(plain))
		if err != nil {
			return link
		}
		if end, says := endOf(target.Query()); !says || now.Before(end) {
			return link
		}
		return signedLink.ReplaceAll(link, []byte("$1"))
	})
}

// endOf is when a signed link ends: S3's and Google's fourth signatures say
// since when and for how many seconds it holds, their second and CloudFront's
// the Unix time (Expires), Azure's the time (se).
func endOf(query url.Values) (end time.Time, says bool) {
	said := map[string]string{}
	for name, values := range query {
		said[strings.ToLower(name)] = values[0]
	}
	for _, store := range []string{"x-amz-", "x-goog-"} {
		begin, err := time.Parse("20060102T150405Z", said[store+"date"])
		seconds, secondsErr := strconv.ParseUint(said[store+"expires"], 10, 31)
		if err == nil && secondsErr == nil {
			return begin.Add(time.Duration(seconds) * time.Second), true
		}
	}
	if seconds, err := strconv.ParseInt(said["expires"], 10, 64); err == nil && seconds > 0 {
		return time.Unix(seconds, 0), true
	}
	end, err := time.Parse(time.RFC3339, said["se"])
	return end, err == nil
}
