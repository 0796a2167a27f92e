// The demo: the sandbox inside this process, and sample photos.

package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/maquette-studio/maquette/app/access"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/assets"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/sandbox"
	"github.com/maquette-studio/maquette/storage"
)

// demoSamples is how many sample photos a new demo begins with.
const demoSamples = 8

// startSandbox runs the simulated services inside this process; their state
// lies beside the demo's own, so that what one run trained is there for the
// next.
func (s *Studio) startSandbox() (err error) {
	var known []sandbox.Known
	for _, sample := range assets.Samples(demoSamples) {
		known = append(known, sandbox.Known{JPEG: sample.JPEG, Shows: sample.Scene})
	}
	s.sandbox, err = sandbox.Start(s.ctx, sandbox.Config{
		Dir: filepath.Join(s.layout.Root, "sandbox"), Pace: s.cfg.SandboxPace, MaxEdge: s.cfg.SandboxMaxEdge, Known: known,
	})
	if err != nil {
		return providers.Errorf("starting the sandbox: %v", err)
	}
	return nil
}

// useSandbox makes the sandbox what is reached, whatever the settings say. Its
// keys are those of one session.
func (s *Studio) useSandbox() error {
	bucket := s.sandbox.Bucket()
	keys := map[string]string{access.BucketAccount: bucket.SecretKey}
	s.Access.Fixed = map[string]string{}
	for _, service := range s.Services() {
		keys[service.ID] = s.sandbox.Key(service.ID)
		s.Access.Fixed[service.ID] = s.sandbox.URL(service.ID)
	}
	s.Access.Keys = storage.NewSessionKeys()
	for account, key := range keys {
		if _, err := s.Access.Keys.Set(s.ctx, account, key); err != nil {
			return providers.Errorf("setting the sandbox's keys: %v", err)
		}
	}
	s.Bucket = access.NewBucket(s.Access, settings.Bucket{
		Endpoint: bucket.Endpoint, Region: bucket.Region, Name: bucket.Name, AccessKey: bucket.AccessKey, PublicURL: bucket.PublicURL,
	})
	return nil
}

// SampleFolder is where the demo's sample photos lie.
func (s *Studio) SampleFolder() string { return filepath.Join(s.layout.Root, "samples") }

// fillDemo writes the sample photos and, the first time, takes them into the
// dataset with their captions.
func (s *Studio) fillDemo() error {
	dir := s.SampleFolder()
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return providers.Errorf("looking for the sample photos: %v", err)
	}
	draft := dir + ".new"
	if err := os.MkdirAll(draft, 0o700); err != nil {
		return providers.Errorf("making the samples folder: %v", err)
	}
	var paths []string
	samples := assets.Samples(demoSamples)
	for _, sample := range samples {
		path := filepath.Join(draft, filepath.Base(sample.Name))
		err := storage.WriteFile(path, func(w io.Writer) error {
			_, err := w.Write(sample.JPEG)
			return err
		})
		if err != nil {
			return providers.Errorf("writing a sample photo: %v", err)
		}
		paths = append(paths, path)
	}
	if _, err := s.Datasets.AddPhotos(context.WithoutCancel(s.ctx), paths, nil); err != nil {
		return providers.Errorf("taking in the sample photos: %v", err)
	}
	for i, p := range s.Datasets.Photos() {
		if i < len(samples) && strings.EqualFold(p.Name, samples[i].Name) {
			if err := s.Datasets.SetCaption(s.Datasets.Current().ID, p.Hash, samples[i].Caption); err != nil {
				return err
			}
		}
	}
	if err := s.nameSamples(); err != nil {
		return err
	}
	if err := os.Rename(draft, dir); err != nil {
		return providers.Errorf("placing the sample photos: %v", err)
	}
	return nil
}

// nameSamples calls the dataset, and what a first training makes, after what
// the sample photos show.
func (s *Studio) nameSamples() error {
	if err := s.Datasets.Rename(s.Datasets.Current().ID, "Paper fox"); err != nil {
		return err
	}
	return s.Settings.Change(func(now *settings.Settings) {
		if now.LastForms == nil {
			now.LastForms = map[string]providers.Values{}
		}
		now.LastForms["dreamlook/dreambooth"] = providers.Values{"instance_prompt": "photo of ukj fox"}
	})
}
