// Making a bucket: private, and with a rule that deletes what Maquette leaves in
// it. What the keys may not do, or the store doesn't know, is told step by step.

package storage

import (
	"bytes"
	"context"
	"crypto/md5" // what S3's API asks for, against damage
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
)

const (
	// CopyPrefix begins the names of all that Maquette itself puts into a bucket;
	// what services deliver there has others.
	CopyPrefix = "maquette-"
	ruleID     = "maquette-copies"
	ruleDays   = 2 // as long as links last
)

// CopyName is UnguessableName for a copy in a bucket, which its rule knows.
func CopyName(ext string) string { return CopyPrefix + UnguessableName(ext) }

// Create makes the bucket, unless it is there. Errors: a BucketError;
// ErrBucketTaken where the name is somebody else's.
func (b *Bucket) Create(ctx context.Context) (made bool, err error) {
	return made, b.checkStage(ctx, func(ctx context.Context) error {
		made, err = b.create(ctx)
		return err
	})
}

// ErrBucketTaken is that somebody else has a bucket of that name.
var ErrBucketTaken = errors.New("somebody else has a bucket of that name")

func (b *Bucket) create(ctx context.Context) (made bool, err error) {
	there, lookErr := b.client.BucketExists(ctx, b.config.Name)
	if lookErr == nil && there {
		return false, nil
	}
	err = b.client.MakeBucket(ctx, b.config.Name, minio.MakeBucketOptions{Region: b.config.Region})
	switch code := minio.ToErrorResponse(err).Code; {
	case err == nil:
		return true, nil
	case code == "BucketAlreadyOwnedByYou":
		return false, nil
	case code == "BucketAlreadyExists":
		return false, &BucketError{Doing: "creating the bucket", Kind: ErrBucketTaken, Advice: "choose another name: it has to be the only one of its kind in the world", Err: withoutAddress(err)}
	}
	return false, b.failed("creating the bucket", err)
}

// MakePrivate blocks every public access, for good (AWS, S3 API reference,
// PutPublicAccessBlock). Stores that don't know it have private buckets as long
// as nobody opens them.
func (b *Bucket) MakePrivate(ctx context.Context) error {
	return b.checkStage(ctx, b.makePrivate)
}

// publicAccessBlock is what PutPublicAccessBlock takes.
type publicAccessBlock struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PublicAccessBlockConfiguration"`

	BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets bool
}

func (b *Bucket) makePrivate(ctx context.Context) error {
	const doing = "setting the bucket private"
	body, err := xml.Marshal(publicAccessBlock{BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true})
	if err != nil {
		return err
	}
	sum := md5.Sum(body)
	header := http.Header{"Content-Md5": {base64.StdEncoding.EncodeToString(sum[:])}}
	to, err := b.client.PresignHeader(ctx, http.MethodPut, b.config.Name, "", time.Minute, url.Values{"publicAccessBlock": {""}}, header)
	if err != nil {
		return b.failed(doing, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, to.String(), bytes.NewReader(body))
	if err != nil {
		return b.failed(doing, errors.New("the request can't be made"))
	}
	request.Header = header
	response, err := (&http.Client{Transport: b.transport}).Do(request)
	if err != nil {
		return b.failed(doing, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < 300 {
		return nil
	}
	answer := minio.ErrorResponse{StatusCode: response.StatusCode, Code: response.Status}
	if decoded := (minio.ErrorResponse{}); xml.NewDecoder(http.MaxBytesReader(nil, response.Body, bodyOfError)).Decode(&decoded) == nil && decoded.Code != "" {
		decoded.StatusCode = response.StatusCode
		answer = decoded
	}
	return b.failed(doing, answer)
}

// bodyOfError bounds what is read of a refusal, bytes.
const bodyOfError = 64 << 10

// IsUnknownRequest reports whether a store doesn't know what it was asked for.
func IsUnknownRequest(err error) bool {
	answer := minio.ErrorResponse{}
	return errors.As(err, &answer) && (slices.Contains([]string{"NotImplemented", "MethodNotAllowed", "UnsupportedOperation"}, answer.Code) ||
		answer.StatusCode == http.StatusNotImplemented || answer.StatusCode == http.StatusMethodNotAllowed)
}

// Expire adds a rule that deletes Maquette's own copies after two days, beside
// whatever rules there are. Other objects, such as models that services deliver,
// aren't touched by it.
func (b *Bucket) Expire(ctx context.Context) (added bool, err error) {
	return added, b.checkStage(ctx, func(ctx context.Context) error {
		added, err = b.expire(ctx)
		return err
	})
}

func (b *Bucket) expire(ctx context.Context) (added bool, err error) {
	const doing = "adding the rule that deletes copies"
	rules, err := b.client.GetBucketLifecycle(ctx, b.config.Name)
	switch {
	case minio.ToErrorResponse(err).Code == "NoSuchLifecycleConfiguration":
		rules = lifecycle.NewConfiguration()
	case err != nil: // writing would take away rules that can't be seen
		return false, b.failed(doing, err)
	}
	if slices.ContainsFunc(rules.Rules, expiresCopies) {
		return false, nil
	}
	rules.Rules = append(rules.Rules, lifecycle.Rule{
		ID: ruleID, Status: "Enabled", RuleFilter: lifecycle.Filter{Prefix: CopyPrefix}, Expiration: lifecycle.Expiration{Days: ruleDays},
	})
	err = b.client.SetBucketLifecycle(ctx, b.config.Name, rules)
	return err == nil, b.failed(doing, err)
}

// expiresCopies reports whether a rule does already what ours would.
func expiresCopies(rule lifecycle.Rule) bool {
	prefix := rule.RuleFilter.Prefix
	if prefix == "" {
		prefix = rule.Prefix
	}
	return rule.Status == "Enabled" && rule.Expiration.Days > 0 && rule.Expiration.Days <= ruleDays &&
		(prefix == CopyPrefix || prefix == "" && rule.RuleFilter.IsNull())
}
