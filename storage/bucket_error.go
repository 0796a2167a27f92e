// What a store's refusals mean for the person who set it up.

package storage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"
)

var (
	// ErrBucketDenied: the store knows the bucket but not these keys, or these
	// keys may not do this.
	ErrBucketDenied = errors.New("the bucket refused")
	// ErrBucketMissing: the store has no bucket of that name.
	ErrBucketMissing = errors.New("there is no such bucket")
	// ErrBucketUnreachable: no answer, or the store itself has trouble.
	ErrBucketUnreachable = errors.New("the bucket cannot be reached")
)

// BucketError is a failed request to the store. It is one of ErrBucketDenied,
// ErrBucketMissing, ErrBucketUnreachable, and its cause. It holds no address
// with a signature.
type BucketError struct {
	Doing  string // "uploading to the bucket"
	Kind   error
	Advice string // what to change, and where
	Err    error
}

func (e *BucketError) Error() string {
	return fmt.Sprintf("%s: %v: %s (%v)", e.Doing, e.Kind, e.Advice, e.Err)
}

// Unwrap returns the kind and the cause.
func (e *BucketError) Unwrap() []error { return []error{e.Kind, e.Err} }

// refusals gives, by the S3 error code, the kind and the advice (AWS, S3 API
// reference, Error responses; R2, B2 and MinIO use the same codes, versitygw
// its own for an unknown key).
var refusals = []struct {
	codes  []string
	kind   error
	advice string
}{
	{
		[]string{"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken", "InvalidTokenId"},
		ErrBucketDenied,
		"the temporary keys have expired, or their session token isn't theirs: get new ones, and enter all three",
	},
	{
		[]string{"InvalidAccessKeyId", "InvalidAccessKey", "XAdminUserNotFound", "Unauthorized"},
		ErrBucketDenied,
		"the store does not know this access key: copy it again from the provider's page of API tokens",
	},
	{
		[]string{"SignatureDoesNotMatch", "InvalidSecret"},
		ErrBucketDenied,
		"the secret key does not belong to this access key: copy both again, or make a new pair",
	},
	{
		[]string{"RequestTimeTooSkewed", "RequestExpired"},
		ErrBucketDenied,
		"this computer's clock is wrong: set it, or let the system set it",
	},
	{
		[]string{"SecondLevelDomainForbidden", "PathStyleDomainForbidden", "PathStyleNotSupported", "VirtualHostDomainRequired"},
		ErrBucketDenied,
		"the store takes the bucket's name only in its host name, which isn't supported at this endpoint: use another store, or its endpoint for older programs",
	},
	{
		[]string{"AuthorizationHeaderMalformed", "InvalidRegion", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"},
		ErrBucketDenied,
		"the bucket lies in another region: enter the region and endpoint its provider shows",
	},
	{
		[]string{"AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "403 Forbidden"},
		ErrBucketDenied,
		"these keys may not do this: give them reading, writing and deleting of objects in this bucket at the provider",
	},
	{
		[]string{"NoSuchBucket", "InvalidBucketName"},
		ErrBucketMissing,
		"create it at the provider, or correct its name and the endpoint",
	},
	{
		[]string{"QuotaExceeded", "StorageFull", "EntityTooLarge", "MethodNotAllowed", "NotImplemented"},
		ErrBucketDenied,
		"the store does not accept it: see the bucket's quota and rules at the provider",
	},
}

const unreachableAdvice = "check the endpoint and the network, then try again"

// failed makes err a BucketError; nil stays nil and a cancelled context stays that.
func (b *Bucket) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	err = withoutAddress(err)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if other := (*notAStore)(nil); errors.As(err, &other) {
		return &BucketError{Doing: doing, Kind: ErrBucketDenied, Advice: other.advice, Err: other}
	}
	answer := minio.ToErrorResponse(err)
	err = b.quoted(err)
	for _, r := range refusals {
		if slices.Contains(r.codes, answer.Code) {
			return &BucketError{Doing: doing, Kind: r.kind, Advice: r.advice, Err: err}
		}
	}
	switch {
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		return &BucketError{Doing: doing, Kind: ErrBucketDenied, Advice: "check the keys and what they may do", Err: err}
	case answer.StatusCode >= 400 && answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests:
		return &BucketError{Doing: doing, Kind: ErrBucketDenied, Advice: "the store does not accept the request", Err: err}
	}
	return &BucketError{Doing: doing, Kind: ErrBucketUnreachable, Advice: unreachableAdvice, Err: err}
}

// mostQuoted bounds what is repeated of a store's words, bytes.
const mostQuoted = 600

// quotedError says less than its cause: no secret, and not without end.
type quotedError struct {
	text  string
	cause error
}

func (q *quotedError) Error() string { return q.text }
func (q *quotedError) Unwrap() error { return q.cause }

// quoted is an error of the store without the secrets, which a store may
// repeat, and of a bounded length.
func (b *Bucket) quoted(err error) error {
	text := err.Error()
	for _, secret := range []string{b.config.SessionToken, b.config.SecretKey} {
		if secret != "" {
			text = strings.NewReplacer(secret, "[key]", url.QueryEscape(secret), "[key]", url.PathEscape(secret), "[key]").Replace(text)
		}
	}
	if len(text) > mostQuoted {
		text = strings.ToValidUTF8(text[:mostQuoted], "") + "…"
	}
	if text == err.Error() {
		return err
	}
	return &quotedError{text, err}
}

func isNoSuchKey(err error) bool {
	return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey
}

// withoutAddress drops the URL from an HTTP client's error: it may be signed.
func withoutAddress(err error) error {
	var urlErr *url.Error
	if errors.As(err, &urlErr) {
		return urlErr.Err
	}
	return err
}
