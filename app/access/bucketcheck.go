// The check of the bucket: what jobs and services do with it, tried with small
// files of every kind.

package access

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
	"github.com/maquette-studio/maquette/storage"
)

// Proof is what the check found of one service.
type Proof struct {
	Service *providers.Service
	Note    providers.Sentence // what else to know of it
	Err     error              // why its jobs would fail; nil where they would not
}

// Words are what was found, without why it doesn't work.
func (p Proof) Words() providers.Sentence {
	switch {
	case p.Err != nil:
		return providers.Say("%s: doesn't work", p.Service.Title)
	case !p.Note.IsZero():
		return providers.Say("%s: works, but %s", p.Service.Title, p.Note)
	}
	return providers.Say("%s: works", p.Service.Title)
}

// Proofs are what the check found, a service each.
type Proofs []Proof

// Err says which services' jobs would fail, and why; nil where none would.
func (all Proofs) Err() error {
	var reasons []string
	failed := map[string]Proofs{}
	for _, p := range all {
		if p.Err == nil {
			continue
		}
		reason := p.Err.Error()
		if failed[reason] == nil {
			reasons = append(reasons, reason)
		}
		failed[reason] = append(failed[reason], p)
	}
	if len(reasons) == 0 {
		return nil
	}
	first := failed[reasons[0]]
	if len(first) == len(all) { // whoever it is for
		return bucketFailure(first[0].Err)
	}
	var told error
	for _, reason := range reasons {
		one := providers.Errorf("%s: %v", failed[reason].titles(), failed[reason][0].Err)
		if told == nil {
			told = one
		} else {
			told = providers.Errorf("%v; %v", told, one)
		}
	}
	return bucketFailure(told)
}

func (all Proofs) titles() string {
	titles := make([]string, len(all))
	for i, p := range all {
		titles[i] = p.Service.Title
	}
	return strings.Join(titles, ", ")
}

// Check does with small files what jobs do with photos, captions and models,
// for each service that uses the bucket: each is put there under a name as jobs
// give it, found, read by its link, as jobs make it, with the client that reads
// links for that service, and deleted. The error is why nothing could be tried.
func (b *Bucket) Check(ctx context.Context) (Proofs, error) {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	client, err := b.Open(ctx)
	if err != nil {
		return nil, err
	}
	if configOf(b.Settings(), BucketSecrets{}).NamesBucket() {
		return nil, bucketFailure(providers.Errorf("the endpoint names the bucket already, so that everything lies in a folder of that name: enter the endpoint without it, and save"))
	}
	away := httpapi.CheckPlace(ctx, client.Address()) // no service could follow links into this network
	found := b.tryAll(ctx, client)
	var proofs Proofs
	for _, service := range b.access.Services {
		if service.Bucket.None() {
			continue
		}
		proof := found.of(service)
		if proof.Err == nil {
			proof.Err = away
		}
		if proof.Err == nil && !b.delivered(service.Bucket) {
			proof.Note = providers.Say("it puts what it makes into a bucket at Cloudflare R2 (%s) only, and this bucket is elsewhere", "*"+service.Bucket.DeliversTo)
		}
		proofs = append(proofs, proof)
	}
	return proofs, nil
}

// delivered reports whether the service can put files into this bucket.
func (b *Bucket) delivered(use providers.BucketUse) bool {
	return use.Delivers == "" || use.DeliversTo == "" || b.IsLocal() || strings.HasSuffix(strings.TrimRight(b.Settings().Endpoint, "/"), use.DeliversTo)
}

// tries are what came of a file of each kind, by extension.
type tries map[string]tried

type tried struct {
	note providers.Sentence
	err  error
}

// of puts together what came of the files that a service uses.
func (t tries) of(service *providers.Service) Proof {
	proof := Proof{Service: service}
	for _, ext := range append(service.Bucket.Fetches, service.Bucket.Delivers) {
		if proof.Err == nil {
			proof.Err = t[ext].err
		}
		proof.Note = proof.Note.Or(t[ext].note)
	}
	return proof
}

// tryAll tries every kind of file that some service uses, all at once.
func (b *Bucket) tryAll(ctx context.Context, client *storage.Bucket) tries {
	var (
		running sync.WaitGroup
		mu      sync.Mutex
		all     = tries{}
	)
	running.Go(func() { client.SweepTrials(ctx) }) // of checks that were killed
	for ext, delivered := range b.kinds() {
		running.Go(func() {
			came := tried{}
			if delivered {
				came.note, came.err = b.tryDelivered(ctx, client, ext)
			} else {
				came.err = b.tryFetched(ctx, client, ext)
			}
			mu.Lock()
			defer mu.Unlock()
			all[ext] = came
		})
	}
	running.Wait()
	return all
}

// kinds are the extensions of the files in use, and whether services deliver them.
func (b *Bucket) kinds() map[string]bool {
	kinds := map[string]bool{}
	for _, service := range b.access.Services {
		for _, ext := range service.Bucket.Fetches {
			kinds[ext] = false
		}
		if ext := service.Bucket.Delivers; ext != "" {
			kinds[ext] = true
		}
	}
	return kinds
}

// tryFetched tries a file that services fetch.
func (b *Bucket) tryFetched(ctx context.Context, client *storage.Bucket, ext string) error {
	fetcher := httpapi.NewFetcher(b.IsLocal())
	defer fetcher.CloseIdleConnections()
	content, read := randomPicture(ext), fetcher.CheckPicture
	if ext == "json" {
		content, read = randomCaptions(), fetcher.Check
	}
	return client.Try(ctx, storage.Trial{
		Key: storage.TrialName(ext), ContentType: contentType(ext), Content: content, Life: linkLife, Read: read,
	})
}

// tryDelivered tries a file such as services put there: it is downloaded as
// models are, in two parts.
func (b *Bucket) tryDelivered(ctx context.Context, client *storage.Bucket, ext string) (note providers.Sentence, err error) {
	fetcher := httpapi.NewFetcher(b.IsLocal())
	defer fetcher.CloseIdleConnections()
	content := randomModel()
	err = client.Try(ctx, storage.Trial{
		Key: storage.TrialName(ext), ContentType: "application/octet-stream", Content: content, Life: linkLife,
		Read: func(ctx context.Context, link string) (err error) {
			note, err = readInParts(ctx, fetcher, link, content)
			return err
		},
	})
	return note, err
}

// readInParts breaks a download off and goes on with it.
func readInParts(ctx context.Context, fetcher *httpapi.Fetcher, link string, want []byte) (note providers.Sentence, err error) {
	half := len(want) / 2
	body, _, _, validator, err := fetcher.Resume(ctx, link, 0, "")
	if err != nil {
		return note, err
	}
	_, err = io.CopyN(io.Discard, body, int64(half))
	_ = body.Close()
	if err != nil {
		return note, err
	}
	body, _, restarted, _, err := fetcher.Resume(ctx, link, int64(half), validator)
	if err != nil {
		return note, err
	}
	defer func() { _ = body.Close() }()
	if restarted {
		half, note = 0, providers.Say("a download of a model that breaks off starts anew: the store doesn't send parts of files")
	}
	rest, err := io.ReadAll(io.LimitReader(body, int64(len(want))+1))
	if err == nil && !bytes.Equal(rest, want[half:]) {
		err = providers.Errorf("the second part of a model's file came back changed: switch off what changes files on the way")
	}
	return note, err
}

// randomPicture is another picture each time, so that no cache can answer in
// the store's place.
func randomPicture(ext string) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	fillRandomly(img.Pix)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 0xff
	}
	var out bytes.Buffer
	if ext == "png" {
		_ = png.Encode(&out, img) // a buffer takes all
	} else {
		_ = jpeg.Encode(&out, img, nil)
	}
	return out.Bytes()
}

func randomCaptions() []byte {
	content, _ := json.Marshal(map[string]string{storage.UnguessableName("jpg"): "a check by Maquette"})
	return content
}

// randomModel is a whole safetensors file of one tensor.
func randomModel() []byte {
	header := []byte(`{"check":{"dtype":"U8","shape":[4096],"data_offsets":[0,4096]}}`)
	content := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	tensor := make([]byte, 4096)
	fillRandomly(tensor)
	return append(content, tensor...)
}

func fillRandomly(b []byte) {
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
}
