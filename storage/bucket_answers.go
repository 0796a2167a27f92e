// Answers that no store gives: web pages, MinIO's console, and redirects.

package storage

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// notAStore is an answer that says that something else is at the endpoint.
type notAStore struct {
	said   string // what came
	advice string
}

func (n *notAStore) Error() string { return n.said }

const consoleAdvice = "a web page is there, MinIO's console as it seems: S3 answers at another port of the same host, 9000 unless it was changed"

// storeTransport makes errors of answers that no store gives, before they are
// taken for a store's.
type storeTransport struct{ Transport }

// RoundTrip sends a request of the store's client.
func (s storeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r, body := withAttempt(r)
	response, err := s.Transport.RoundTrip(r)
	if err != nil {
		body.end()
		return nil, err
	}
	if response.StatusCode >= 300 {
		body.end()
	}
	if other := otherThanStore(response); other != nil {
		body.end()
		_ = response.Body.Close()
		return nil, other
	}
	return response, nil
}

// otherThanStore tells by status and headers. What a store's front answers with
// a page of its own (404, 502) may be a store's all the same.
func otherThanStore(response *http.Response) error {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	isPage := kind == "text/html"
	switch status := response.StatusCode; {
	case strings.EqualFold(response.Header.Get("Server"), "MinIO Console"):
		return &notAStore{"MinIO's console answered", consoleAdvice}
	case status >= 300 && status < 400 && status != http.StatusNotModified && !strings.HasSuffix(kind, "xml"):
		if to, err := response.Location(); err == nil {
			return &notAStore{
				fmt.Sprintf("it redirects to %s", to.Host),
				fmt.Sprintf("the endpoint redirects to %s, and requests that are signed for one host don't follow to another: enter that one, without the bucket's name, if it is your store's", to.Host),
			}
		}
	case isPage && status < 300 && response.Request.URL.Port() == "9001":
		return &notAStore{"a web page answered", consoleAdvice}
	case isPage && status < 300:
		return &notAStore{"a web page answered", "a web page is there, and no store: enter the host name the provider gives for S3; MinIO's is at port 9000, not at its console's"}
	}
	return nil
}
