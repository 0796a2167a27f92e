// Checking AWS Signature Version 4, in the Authorization header or in a presigned link's query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html

package sandbox

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7/pkg/s3utils"
)

const (
	sigAlgorithm = "AWS4-HMAC-SHA256"
	maxSkew      = 15 * time.Minute
	maxPresigned = 7 * 24 * time.Hour
	maxObject    = 1 << 30
)

// storageRefusal is an error the bucket answers with.
type storageRefusal struct {
	status        int
	code, message string
}

func denied(code, message string) *storageRefusal {
	return &storageRefusal{http.StatusForbidden, code, message}
}

// sigV4 is what a signed request claims.
type sigV4 struct {
	credential    string // access key/date/region/service/aws4_request
	signedHeaders string
	signature     string
	date          string
	payload       string
	query         url.Values
}

func verifySigV4(r *http.Request, b Bucket, now time.Time) *storageRefusal {
	q := r.URL.Query()
	if q.Has("X-Amz-Signature") {
		return verifyPresigned(r, q, b, now)
	}
	auth, ok := strings.CutPrefix(r.Header.Get("Authorization"), sigAlgorithm+" ")
	if !ok {
		return denied("AccessDenied", "Access Denied.")
	}
	sig := sigV4{date: r.Header.Get("X-Amz-Date"), payload: r.Header.Get("X-Amz-Content-Sha256"), query: q}
	for part := range strings.SplitSeq(auth, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			sig.credential = value
		case "SignedHeaders":
			sig.signedHeaders = value
		case "Signature":
			sig.signature = value
		}
	}
	date, err := time.Parse(googDate, sig.date)
	if err != nil || now.Sub(date).Abs() > maxSkew {
		return denied("RequestTimeTooSkewed", "The difference between the request time and the server's time is too large.")
	}
	return sig.check(r, b)
}

func verifyPresigned(r *http.Request, q url.Values, b Bucket, now time.Time) *storageRefusal {
	sig := sigV4{
		credential:    q.Get("X-Amz-Credential"),
		signedHeaders: q.Get("X-Amz-SignedHeaders"),
		signature:     q.Get("X-Amz-Signature"),
		date:          q.Get("X-Amz-Date"),
		payload:       "UNSIGNED-PAYLOAD",
		query:         q,
	}
	q.Del("X-Amz-Signature")
	date, err := time.Parse(googDate, sig.date)
	seconds, err2 := strconv.Atoi(q.Get("X-Amz-Expires"))
	valid := time.Duration(seconds) * time.Second
	if q.Get("X-Amz-Algorithm") != sigAlgorithm || err != nil || err2 != nil || seconds < 1 || valid > maxPresigned {
		return &storageRefusal{http.StatusBadRequest, "AuthorizationQueryParametersError", "Error parsing the X-Amz parameters."}
	}
	if refused := sig.check(r, b); refused != nil {
		return refused
	}
	if now.After(date.Add(valid)) || date.After(now.Add(maxSkew)) {
		return denied("AccessDenied", "Request has expired")
	}
	return nil
}

func (sig *sigV4) check(r *http.Request, b Bucket) *storageRefusal {
	scope := strings.Split(sig.credential, "/")
	if len(scope) != 5 || scope[0] != b.AccessKey {
		return denied("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
	}
	signed := strings.Split(sig.signedHeaders, ";")
	if !slices.Contains(signed, "host") || !strings.HasPrefix(sig.date, scope[1]) {
		return denied("SignatureDoesNotMatch", "The request signature does not cover the host or the date.")
	}
	key := []byte("AWS4" + b.SecretKey)
	for _, part := range scope[1:] {
		key = hmacSum(key, part)
	}
	canonical := sha256.Sum256([]byte(sig.canonical(r, signed)))
	toSign := strings.Join([]string{sigAlgorithm, sig.date, strings.Join(scope[1:], "/"), hex.EncodeToString(canonical[:])}, "\n")
	if !hmac.Equal([]byte(hex.EncodeToString(hmacSum(key, toSign))), []byte(sig.signature)) {
		return denied("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	return nil
}

// canonical is the canonical request: what the signature covers.
func (sig *sigV4) canonical(r *http.Request, signed []string) string {
	var headers strings.Builder
	for _, name := range signed {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.FormatInt(r.ContentLength, 10)
		}
		headers.WriteString(name + ":" + strings.Join(strings.Fields(value), " ") + "\n")
	}
	return strings.Join([]string{
		r.Method,
		s3utils.EncodePath(r.URL.Path),
		strings.ReplaceAll(sig.query.Encode(), "+", "%20"),
		headers.String(),
		sig.signedHeaders,
		sig.payload,
	}, "\n")
}

func hmacSum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// plainBody reads the request's body, unwraps aws-chunked encoding, and checks it against the announced hash.
func plainBody(r *http.Request) *storageRefusal {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxObject+1))
	if err != nil || len(body) > maxObject {
		return &storageRefusal{http.StatusBadRequest, "IncompleteBody", "The request body can't be read."}
	}
	announced := r.Header.Get("X-Amz-Content-Sha256")
	if strings.HasPrefix(announced, "STREAMING-") {
		if body, err = unchunk(body); err != nil {
			return &storageRefusal{http.StatusBadRequest, "IncompleteBody", err.Error()}
		}
	} else if sum := sha256.Sum256(body); len(announced) == 64 && announced != hex.EncodeToString(sum[:]) {
		return &storageRefusal{http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	for _, name := range []string{"X-Amz-Content-Sha256", "X-Amz-Decoded-Content-Length", "X-Amz-Trailer"} {
		r.Header.Del(name)
	}
	if r.Header.Get("Content-Encoding") == "aws-chunked" {
		r.Header.Del("Content-Encoding")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	if r.Method == http.MethodPut || r.Method == http.MethodPost {
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	return nil
}

// unchunk unwraps aws-chunked encoding: "SIZE[;chunk-signature=…]\r\n DATA \r\n", ended by size 0 and trailers.
func unchunk(body []byte) ([]byte, error) {
	var plain []byte
	in := bufio.NewReader(bytes.NewReader(body))
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, errors.New("the chunked body breaks off")
		}
		digits, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		size, err := strconv.ParseUint(digits, 16, 31)
		if err != nil || int(size) > len(body) {
			return nil, errors.New("a chunk's size is wrong")
		}
		if size == 0 {
			return plain, nil
		}
		chunk := make([]byte, size+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, errors.New("the chunked body breaks off")
		}
		plain = append(plain, chunk[:size]...)
	}
}
