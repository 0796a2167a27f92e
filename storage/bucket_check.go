// Trying a bucket out the way a service will use it.

package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
)

const (
	checkTimeout  = 30 * time.Second // for each stage
	checkLinkLife = 48 * time.Hour   // as jobs sign them
)

// Check tries the bucket out as jobs use it: it uploads a small random PNG,
// finds it there, reads it back by its link as a service would, without keys,
// compares the two and deletes it. read, if it isn't nil, is given the link: it
// reads as the service's client does. Nothing stays behind when deleting is
// allowed. The error, a BucketError, names the stage and what to change.
func (b *Bucket) Check(ctx context.Context, read func(ctx context.Context, link string) error) error {
	picture, err := randomPNG()
	if err != nil {
		return fmt.Errorf("checking the bucket: %w", err)
	}
	key := "maquette-check-" + UnguessableName("png")
	if err := b.checkStage(ctx, func(ctx context.Context) error {
		return b.Put(ctx, key, bytes.NewReader(picture), int64(len(picture)), "image/png")
	}); err != nil {
		return err
	}
	readErr := b.checkStage(ctx, func(ctx context.Context) error {
		return b.checkObject(ctx, key, picture, read)
	})
	// Also when ctx has ended: what was uploaded must not stay.
	removeErr := b.checkStage(context.WithoutCancel(ctx), func(ctx context.Context) error { return b.Remove(ctx, key) })
	return errors.Join(readErr, removeErr)
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

func (b *Bucket) checkObject(ctx context.Context, key string, picture []byte, read func(ctx context.Context, link string) error) error {
	if err := b.checkPlace(ctx, key, int64(len(picture))); err != nil {
		return err
	}
	return b.checkReading(ctx, key, picture, read)
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
			Doing: "looking for the picture in the bucket", Kind: ErrBucketMissing,
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

// checkReading reads key without credentials and compares it with want.
func (b *Bucket) checkReading(ctx context.Context, key string, want []byte, read func(ctx context.Context, link string) error) error {
	link, err := b.Link(ctx, key, checkLinkLife)
	if err != nil {
		return err
	}
	failed := func(kind error, advice string, err error) error {
		return &BucketError{Doing: "reading a picture by its link", Kind: kind, Advice: advice, Err: err}
	}
	status, got, err := b.network.Read(ctx, link, int64(len(want))+1)
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("reading a picture by its link: %w", withoutAddress(err))
	case err != nil:
		return failed(ErrBucketUnreachable, "links lead to an address that cannot be reached: check the public URL, or the endpoint", withoutAddress(err))
	case status == http.StatusNotFound && b.config.PublicURL != "":
		return failed(ErrBucketMissing, "nothing is there: the public URL must be the address of this bucket itself", errStatus(status))
	case status != http.StatusOK && b.config.PublicURL != "":
		return failed(ErrBucketDenied, "nobody may read under the public URL: allow public reading at the provider, or leave the public URL empty for presigned links", errStatus(status))
	case status != http.StatusOK:
		return failed(ErrBucketDenied, "presigned links are refused: check the region, this computer's clock, and that the keys may read", errStatus(status))
	case !bytes.Equal(got, want):
		return failed(ErrBucketDenied, "something else came back: the public URL belongs to another bucket, or something on the way changes pictures; switch image optimizing off", errors.New("the pictures differ"))
	}
	if read == nil {
		return nil
	}
	return read(ctx, link)
}

func errStatus(status int) error {
	return fmt.Errorf("answered %d %s", status, http.StatusText(status))
}

// randomPNG makes another picture each time, so that no cache can answer in the store's place.
func randomPNG() ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	rand.Read(img.Pix)
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
