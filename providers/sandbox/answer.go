// Answers and errors as the FastAPI services, dreamlook and Luma, write them, and the reading of JSON requests.

package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxRequest bounds a request body; the longest documented request is a few hundred image URLs.
const maxRequest = 4 << 20

func answer(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, `{"detail":"Internal Server Error"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(bytes.TrimSuffix(body.Bytes(), []byte("\n")))
}

// refuse answers an error whose detail is a text, or the list a form collected.
func refuse(w http.ResponseWriter, status int, detail any) {
	answer(w, status, map[string]any{"detail": detail})
}

// troubled answers a failure of the sandbox itself as the service would answer its own.
func troubled(w http.ResponseWriter, err error) {
	refuse(w, http.StatusInternalServerError, "Internal Server Error: "+err.Error())
}

// bearer lets requests with the key through and refuses others as FastAPI does.
func bearer(key string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		switch {
		case given == "" || !strings.EqualFold(scheme, "Bearer"):
			refuse(w, http.StatusUnauthorized, "Not authenticated")
		case given != key:
			refuse(w, http.StatusUnauthorized, "Invalid API key")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// readForm reads a JSON object of at most maxRequest bytes from the request; a body that is none is a
// problem in the form.
func readForm(r *http.Request) *form { return readFormUpTo(r, maxRequest) }

// readFormUpTo is readForm with a limit of its own, in bytes.
func readFormUpTo(r *http.Request, limit int64) *form {
	f := &form{at: []any{"body"}, problems: &[]problem{}, seen: map[string]bool{}}
	data, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		f.add("", "value_error.body", "body can't be read")
		return f
	case int64(len(data)) > limit:
		f.add("", "value_error.body", "body is too large")
		return f
	case len(bytes.TrimSpace(data)) == 0:
		f.add("", "value_error.missing", "field required")
		return f
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err = dec.Decode(&v); err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			err = errors.New("extra data")
		}
	}
	if err != nil {
		f.add("", "value_error.jsondecode", "JSON decode error: %v", err)
		return f
	}
	object, ok := v.(map[string]any)
	if !ok {
		f.add("", "type_error.dict", "value is not a valid dict")
		return f
	}
	f.fields = object
	return f
}
