// Result files behind signed links, in the shape of Google Cloud Storage's.

package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// googDate is the time format of X-Goog-Date and X-Amz-Date.
const googDate = "20060102T150405Z"

// file is a result ready for download.
type file struct {
	data        []byte
	contentType string
	modified    time.Time
}

// site is where links point to: the host the request came in by, so that links stay right on another port.
type site struct {
	s    *Sandbox
	host string
}

func (s *Sandbox) site(r *http.Request) site { return site{s, r.Host} }

// ownSite is for links that leave without a request, in callbacks.
func (s *Sandbox) ownSite() site { return site{s, s.host()} }

// lasting links to an asset whose links never run out: it stays the same, so that what was seen by it is known again.
func (t site) lasting(service, path string, since time.Time) string {
	return t.signed(service, path, since, 20*365*24*time.Hour)
}

// signed links to an asset from a moment on, for a time; the times are readable in the link.
func (t site) signed(service, path string, from time.Time, valid time.Duration) string {
	date := from.UTC()
	q := url.Values{
		"X-Goog-Algorithm":     {"GOOG4-RSA-SHA256"},
		"X-Goog-Credential":    {"sandbox@developer.gserviceaccount.com/" + date.Format("20060102") + "/auto/storage/goog4_request"},
		"X-Goog-Date":          {date.Format(googDate)},
		"X-Goog-Expires":       {strconv.Itoa(int(valid.Seconds()))},
		"X-Goog-SignedHeaders": {"host"},
	}
	return "http://" + t.host + "/assets/" + service + "/" + path + "?" + q.Encode() + "&X-Goog-Signature=" + t.s.signature("/"+service+"/"+path, q)
}

func (s *Sandbox) signature(path string, q url.Values) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(path + "\n" + q.Encode()))
	return hex.EncodeToString(mac.Sum(nil))
}

// validLink checks a link's signature and then its time.
func (s *Sandbox) validLink(r *http.Request) (code, message string, ok bool) {
	q := r.URL.Query()
	given := q.Get("X-Goog-Signature")
	if given == "" {
		return "AccessDenied", "Access denied.", false
	}
	q.Del("X-Goog-Signature")
	if !hmac.Equal([]byte(given), []byte(s.signature(r.URL.Path, q))) {
		return "SignatureDoesNotMatch", "Access denied.", false
	}
	from, err := time.Parse(googDate, q.Get("X-Goog-Date"))
	seconds, err2 := strconv.Atoi(q.Get("X-Goog-Expires"))
	if err != nil || err2 != nil || s.now().After(from.Add(time.Duration(seconds)*time.Second)) {
		return "ExpiredToken", "The provided token has expired.", false
	}
	return "", "", true
}

func (s *Sandbox) serveAsset(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		storageError(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
		return
	}
	name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	code, message, valid := s.validLink(r)
	svc := s.service(name)
	if svc == nil || !valid {
		storageError(w, http.StatusForbidden, code, message)
		return
	}
	f, ok := svc.asset(path)
	if !ok {
		storageError(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	sum := sha256.Sum256(f.data)
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", f.modified, bytes.NewReader(f.data))
}

// storageError answers an error as S3 and Google Cloud Storage write it.
func storageError(w http.ResponseWriter, status int, code, message string) {
	body, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		Message string
	}{Code: code, Message: message})
	if err != nil {
		http.Error(w, message, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte("<?xml version='1.0' encoding='UTF-8'?>"), body...))
}
