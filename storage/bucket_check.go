// Trying a bucket out the way a service will use it.

package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"
)

const checkTimeout = 30 * time.Second // for each stage

// Trial is a file that is put into the bucket to see what becomes of it.
type Trial struct {
	Key         string // where jobs put such files, or services deliver them
	ContentType string // as jobs name it
	Content     []byte
	Life        time.Duration // of its link, as jobs sign it
	// Read reads the link as whoever it is for does; nil where nobody else does.
	Read func(ctx context.Context, link string) error
}

// TrialName is UnguessableName for a trial's file: SweepTrials knows it again.
func TrialName(ext string) string { return trialPrefix + UnguessableName(ext) }

const (
	trialPrefix = CopyPrefix + "check-"
	// trialOld is how old a trial's file is that no check needs any more,
	// whatever the store's clock says of it: a check takes minutes at most.
	trialOld = time.Hour
	// sweptMost is how many files one sweep deletes at most.
	sweptMost = 100
)

var trialName = regexp.MustCompile(`^` + trialPrefix + `[0-9a-f]{32}\.[a-z0-9]{1,16}$`)

// SweepTrials deletes the files of checks that were killed midway. Keys that may
// not list, or delete, leave them: no job fails for it.
func (b *Bucket) SweepTrials(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	swept := 0
	for object := range b.client.ListObjectsIter(ctx, b.config.Name, minio.ListObjectsOptions{Prefix: trialPrefix}) {
		if object.Err != nil || swept == sweptMost {
			return
		}
		if !trialName.MatchString(object.Key) || time.Since(object.LastModified) < trialOld {
			continue
		}
		if err := b.Remove(ctx, object.Key); err != nil {
			return
		}
		swept++
	}
}

// Try does with a file what jobs do: it is put into the bucket, found there,
// read back by its link without keys, whole and by t.Read, and deleted. Nothing
// stays behind when deleting is allowed. The error names the stage and what to
// change: a BucketError, what t.Read says, or both with that of deleting.
func (b *Bucket) Try(ctx context.Context, t Trial) error {
	if err := b.checkStage(ctx, func(ctx context.Context) error {
		return b.Put(ctx, t.Key, bytes.NewReader(t.Content), int64(len(t.Content)), t.ContentType)
	}); err != nil {
		return err
	}
	readErr := b.checkStage(ctx, func(ctx context.Context) error { return b.checkObject(ctx, t) })
	// Also when ctx has ended: what was uploaded must not stay.
	removeErr := b.checkStage(context.WithoutCancel(ctx), func(ctx context.Context) error { return b.checkRemoving(ctx, t.Key) })
	return errors.Join(readErr, removeErr)
}

// checkRemoving deletes key and looks whether it is gone.
func (b *Bucket) checkRemoving(ctx context.Context, key string) error {
	if err := b.Remove(ctx, key); err != nil {
		return err
	}
	if _, found, err := b.Stat(ctx, key); err != nil || !found {
		return err
	}
	return &BucketError{
		Doing: "deleting from the bucket", Kind: ErrBucketDenied,
		Advice: "the store says that it is deleted, and keeps it: switch off what locks or keeps its objects", Err: errors.New("it is still there"),
	}
}

func (b *Bucket) checkStage(ctx context.Context, stage func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, checkTimeout, errNoAnswer)
	defer cancel()
	err := stage(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errNoAnswer) {
		return &BucketError{Doing: "checking the bucket", Kind: ErrBucketUnreachable, Advice: unreachableAdvice, Err: errNoAnswer}
	}
	return err
}

var errNoAnswer = fmt.Errorf("no answer within %v", checkTimeout)

func (b *Bucket) checkObject(ctx context.Context, t Trial) error {
	if err := b.checkPlace(ctx, t.Key, int64(len(t.Content))); err != nil {
		return err
	}
	return b.checkReading(ctx, t)
}

// checkPlace finds key as jobs find what a service delivers, and in the bucket
// itself: an endpoint that names the bucket already would have put it into a
// folder of that name.
func (b *Bucket) checkPlace(ctx context.Context, key string, want int64) error {
	size, found, err := b.Stat(ctx, key)
	switch {
	case err != nil:
		return err
	case !found || size != want:
		return &BucketError{
			Doing: "looking for the file in the bucket", Kind: ErrBucketMissing,
			Advice: "the store took it and doesn't have it: check the endpoint", Err: fmt.Errorf("%d bytes instead of %d", size, want),
		}
	}
	for object := range b.client.ListObjectsIter(ctx, b.config.Name, minio.ListObjectsOptions{Prefix: b.fullKey(key), MaxKeys: 1}) {
		if object.Err == nil {
			return nil
		}
		switch answer := minio.ToErrorResponse(object.Err); answer.Code {
		case minio.NoSuchKey, minio.NoSuchBucket:
			return &BucketError{
				Doing: "looking into the bucket", Kind: ErrBucketMissing,
				Advice: "the endpoint seems to name the bucket already, so that everything would lie in a folder: leave the bucket's name out of the endpoint", Err: withoutAddress(object.Err),
			}
		}
		return nil // keys that may not list will do: jobs don't
	}
	return nil
}

// checkReading reads the file without credentials and compares it.
func (b *Bucket) checkReading(ctx context.Context, t Trial) error {
	link, err := b.Link(ctx, t.Key, t.Life)
	if err != nil {
		return err
	}
	failed := func(kind error, advice string, err error) error {
		return &BucketError{Doing: "reading a file by its link", Kind: kind, Advice: advice, Err: err}
	}
	answer, err := b.network.Read(ctx, link, int64(len(t.Content))+1)
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("reading a file by its link: %w", withoutAddress(err))
	case err != nil:
		return failed(ErrBucketUnreachable, "links lead to an address that cannot be reached: check the public URL, or the endpoint", withoutAddress(err))
	case answer.Status != http.StatusOK:
		return b.refusedReading(answer)
	case !bytes.Equal(answer.Body, t.Content):
		return failed(ErrBucketDenied, "something else came back: the public URL belongs to another bucket, or something on the way changes files; switch image optimizing off", errors.New("the files differ"))
	case !sameKind(answer.Type, t.ContentType):
		return failed(ErrBucketDenied, "the link names another kind of file, which services refuse: let the store, or what stands before it, keep the content type", fmt.Errorf("%q instead of %s", answer.Type, t.ContentType))
	}
	if t.Read == nil {
		return nil
	}
	return t.Read(ctx, link)
}

// refusedReading says why a link isn't answered with its file.
func (b *Bucket) refusedReading(answer LinkAnswer) error {
	err := &BucketError{Doing: "reading a file by its link", Kind: ErrBucketDenied, Err: errStatus(answer.Status)}
	switch public := b.config.PublicURL != ""; {
	case public && answer.Status == http.StatusNotFound:
		err.Kind, err.Advice = ErrBucketMissing, "nothing is there: the public URL must be the address of this bucket itself"
	case answer.Status >= 500:
		err.Kind, err.Advice = ErrBucketUnreachable, "whoever answers there has trouble: try again later"
	case public:
		err.Advice = "nobody may read under the public URL: allow public reading at the provider, or leave the public URL empty for presigned links"
	default:
		err.Advice = "presigned links are refused: check the region, this computer's clock, and that the keys may read"
	}
	return err
}

// sameKind compares content types. Names of one kind that some stores answer
// with instead are as good: services know a picture by its bytes.
func sameKind(got, want string) bool {
	kind, _, _ := mime.ParseMediaType(got)
	return kind == want || kind == "" || slices.Contains([]string{"application/octet-stream", "binary/octet-stream"}, kind)
}

func errStatus(status int) error {
	return fmt.Errorf("answered %d %s", status, http.StatusText(status))
}
