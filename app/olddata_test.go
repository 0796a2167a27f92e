// Data directories that earlier programs made open in this one, with nothing lost. Each lies packed in testdata, beside
// what the command line of its time said of it; testdata/README.md says how one is made.

package app_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/maquette-studio/maquette/app"
	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/app/remote"
	"github.com/maquette-studio/maquette/app/settings"
	"github.com/maquette-studio/maquette/providers"
)

// TestMakeOldData does in a data directory what only the window can: testdata/make-data.sh runs it.
func TestMakeOldData(t *testing.T) {
	dir := os.Getenv("MAQUETTE_OLD_DATA")
	if dir == "" {
		t.Skip("only testdata/make-data.sh makes a data directory to be kept")
	}
	studio := openOld(t, dir, true)
	noError(t, studio.Datasets.Choose(studio.Datasets.List()[len(studio.Datasets.List())-1].ID))
	first := studio.Datasets.Photos()[0]
	_, err := studio.Datasets.SetEdits(map[string]photo.Edit{first.Hash: {Crop: photo.Crop{X: 10, Y: 10, W: 200, H: 200}, Background: "#102030"}})
	noError(t, err)
	noError(t, studio.Datasets.SetCaption(studio.Datasets.Current().ID, first.Hash, "typed in the window"))
	_, err = studio.Datasets.New("Later")
	noError(t, err)
	noError(t, studio.Library.Delete(studio.Library.Search("hill")[0].ID))
	studio.Bria.Captions.Type(remote.Dataset{ID: "4"}, remote.Image{ID: "7"}, "a red fox")
	studio.Bria.Captions.Queue("7")
	noError(t, studio.Bria.Captions.Save())
	ended, end := context.WithCancel(t.Context())
	end() // nothing leaves: the photo waits
	if _, err := studio.Bria.Uploads.Add(ended, "4", []photo.Photo{first}, true, nil); err == nil {
		t.Fatal("the photo was uploaded")
	}
	noError(t, studio.Close())

	studio = openOld(t, dir, false)
	noError(t, studio.Settings.Change(func(s *settings.Settings) {
		s.Appearance, s.LastFolder = "dark", "/home/somebody/photos"
		s.BaseURLs = map[string]string{"luma": "https://gateway.example.com/luma"}
		s.Bucket = settings.Bucket{
			Endpoint: "https://s3.example.com", Region: "auto", Name: "maquette", AccessKey: "AK", PublicURL: "https://photos.example.com",
		}
		s.Prices = map[string]float64{"luma/image/photon-1": 0.02}
		s.CallbackListen, s.CallbackURL = "127.0.0.1:8710", "https://studio.example.com/hooks"
		s.LastTasks = map[string]string{"generate": "luma/image"}
		s.LastForms = map[string]providers.Values{"luma/image": {"prompt": "a fox", "count": 3}}
	}))
	noError(t, studio.Close())
}

func TestOldDataOpens(t *testing.T) {
	packed, err := filepath.Glob("testdata/data-*.tar.gz")
	noError(t, err)
	if len(packed) == 0 {
		t.Fatal("there is no data directory of an earlier program in testdata")
	}
	for _, file := range packed {
		name := strings.TrimSuffix(filepath.Base(file), ".tar.gz")
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			unpack(t, file, root)
			dir := filepath.Join(root, name)
			for _, part := range []struct {
				name string
				root string // where its database lies
				demo bool
			}{{"plain", dir, false}, {"demo", filepath.Join(dir, "demo"), true}} {
				t.Run(part.name, func(t *testing.T) {
					before := records(t, part.root)
					holdsRecords(t, openOld(t, dir, part.demo), before)
					after := records(t, part.root)
					delete(before, "meta") // which file it is now
					delete(after, "meta")
					if !reflect.DeepEqual(after, before) {
						t.Errorf("opening changed the records from\n%v\nto\n%v", before, after)
					}
					saysAsBefore(t, dir, part.demo, expected(t, name, part.name))
				})
			}
		})
	}
}

// openOld opens a data directory as it lies there, without starting what isn't over.
func openOld(t *testing.T, dir string, demo bool) *app.Studio {
	t.Helper()
	studio, err := app.Open(app.Config{Dir: dir, Demo: demo, Env: func(string) string { return "" }})
	noError(t, err)
	return studio
}

// holdsRecords compares what the studio shows with what lies in its database, member by member, and closes it.
func holdsRecords(t *testing.T, studio *app.Studio, kept tables) {
	t.Helper()
	shown := tables{"jobs": {}, "pictures": {}, "models": {}, "datasets": {}, "unsent": {}, "settings": {}}
	for _, job := range studio.Jobs.List() {
		shown["jobs"][job.ID] = asJSON(t, job)
	}
	for _, picture := range append(studio.Library.Search(""), studio.Library.Trash()...) {
		shown["pictures"][picture.ID] = asJSON(t, picture)
		holdsBytes(t, studio.Library.Path(picture.ID), picture.Hash)
	}
	for _, model := range studio.Models.List() {
		shown["models"][model.ID] = asJSON(t, model)
	}
	for _, dataset := range studio.Datasets.List() {
		shown["datasets"][dataset.ID] = asJSON(t, map[string]any{"name": dataset.Name, "created": dataset.Created, "photos": dataset.Photos})
	}
	if waiting, found := kept["unsent"]["bria"]; found {
		shown["unsent"]["bria"] = asJSON(t, shownWaiting(studio, waiting.(map[string]any)))
	}
	if _, found := kept["settings"]["settings"]; found {
		shown["settings"]["settings"] = asJSON(t, studio.Settings.Now())
	}
	chosen := studio.Datasets.Current().ID
	noError(t, studio.Close())

	for table, rows := range shown {
		for key, record := range kept[table] {
			if !reflect.DeepEqual(rows[key], record) {
				t.Errorf("%s %s: it shows\n%v\ninstead of\n%v", table, key, rows[key], record)
			}
		}
		if len(kept[table]) > 0 && len(rows) != len(kept[table]) {
			t.Errorf("%s: %d are shown, %d are kept", table, len(rows), len(kept[table]))
		}
	}
	if want, found := kept["choices"]["dataset"]; found && chosen != want {
		t.Errorf("the current dataset is %s instead of %s", chosen, want)
	}
}

// shownWaiting is what the studio shows of the captions and photos that are kept for Bria.
func shownWaiting(studio *app.Studio, kept map[string]any) map[string]any {
	captions, photos := map[string]any{}, map[string]any{}
	for image := range kept["captions"].(map[string]any) {
		captions[image], _ = studio.Bria.Captions.Typed(remote.ID(image))
	}
	for dataset := range kept["photos"].(map[string]any) {
		photos[dataset] = studio.Bria.Uploads.Waiting(remote.ID(dataset))
	}
	return map[string]any{"captions": captions, "photos": photos}
}

// saysAsBefore compares what the command line says with what it said then: what was there is there, more may be. Then
// it has everything verified.
func saysAsBefore(t *testing.T, dir string, demo bool, want map[string][]map[string]any) {
	t.Helper()
	for list, lines := range want {
		got := commandSays(t, dir, demo, list, "list")
		if len(got) != len(lines) {
			t.Errorf("%s list has %d lines instead of %d", list, len(got), len(lines))
			continue
		}
		for i, line := range lines {
			for member, value := range line {
				if !reflect.DeepEqual(got[i][member], value) {
					t.Errorf("%s list, %v: %s is %v instead of %v", list, line["id"], member, got[i][member], value)
				}
			}
		}
	}
	commandSays(t, dir, demo, "check")
	for _, dataset := range want["datasets"] {
		holdsDataset(t, dir, demo, dataset)
	}
}

// holdsDataset exports a dataset's originals and counts them and their captions.
func holdsDataset(t *testing.T, dir string, demo bool, dataset map[string]any) {
	t.Helper()
	out := t.TempDir()
	commandSays(t, dir, demo, "datasets", "export", dataset["id"].(string), "--originals", "--out", out)
	photos, err := filepath.Glob(filepath.Join(out, "*.jpg"))
	noError(t, err)
	captions, err := filepath.Glob(filepath.Join(out, "*.txt"))
	noError(t, err)
	if float64(len(photos)) != dataset["photos"] || float64(len(captions)) != dataset["captions"] {
		t.Errorf("%v: %d photos and %d captions were written, %v and %v are listed",
			dataset["name"], len(photos), len(captions), dataset["photos"], dataset["captions"])
	}
}

// commandSays runs one command and returns its lines, with paths below the data directory.
func commandSays(t *testing.T, dir string, demo bool, args ...string) []map[string]any {
	t.Helper()
	args = append(args, "--json", "--data", dir)
	if demo {
		args = append(args, "--demo")
	}
	var out, problems bytes.Buffer
	program := cli.Program{Out: &out, Err: &problems, Env: func(string) string { return "" }}
	if code := program.Run(t.Context(), args); code != cli.ExitDone {
		t.Fatalf("%v ended with %d: %s", args, code, problems.String())
	}
	decoder := json.NewDecoder(strings.NewReader(strings.ReplaceAll(out.String(), dir+"/", "")))
	var lines []map[string]any
	for {
		var line map[string]any
		err := decoder.Decode(&line)
		if errors.Is(err, io.EOF) {
			return lines
		}
		noError(t, err)
		lines = append(lines, line)
	}
}

// expected reads what the command line of a data directory's time said of it: by list, its lines.
func expected(t *testing.T, name, part string) map[string][]map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	noError(t, err)
	var parts map[string]map[string][]map[string]any
	noError(t, json.Unmarshal(text, &parts))
	if got := slices.Sorted(maps.Keys(parts[part])); !slices.Equal(got, []string{"datasets", "images", "jobs", "models"}) {
		t.Fatalf("%s.json has the lists %v", name, got)
	}
	return parts[part]
}

// tables are a database's records: by table and key, each as JSON decodes.
type tables map[string]map[string]any

// records reads a closed database without the program's own types.
func records(t *testing.T, root string) tables {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(root, "maquette.db"), 0o600, &bbolt.Options{ReadOnly: true})
	noError(t, err)
	defer db.Close()
	all := tables{}
	noError(t, db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(table []byte, bucket *bbolt.Bucket) error {
			all[string(table)] = map[string]any{}
			return bucket.ForEach(func(key, value []byte) error {
				var record any
				err := json.Unmarshal(value, &record)
				all[string(table)][string(key)] = record
				return err
			})
		})
	}))
	return all
}

func asJSON(t *testing.T, v any) (decoded any) {
	t.Helper()
	text, err := json.Marshal(v)
	noError(t, err)
	noError(t, json.Unmarshal(text, &decoded))
	return decoded
}

func holdsBytes(t *testing.T, path, hash string) {
	t.Helper()
	content, err := os.ReadFile(path)
	noError(t, err)
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != hash {
		t.Errorf("%s has other bytes than it had", path)
	}
}

// unpack unpacks a .tar.gz below a folder.
func unpack(t *testing.T, file, dir string) {
	t.Helper()
	packed, err := os.Open(file)
	noError(t, err)
	defer packed.Close()
	unzipped, err := gzip.NewReader(packed)
	noError(t, err)
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		noError(t, err)
		path := filepath.Join(dir, filepath.FromSlash(header.Name))
		if header.Typeflag == tar.TypeDir {
			noError(t, os.MkdirAll(path, 0o700))
			continue
		}
		content, err := io.ReadAll(archive)
		noError(t, err)
		noError(t, os.WriteFile(path, content, 0o600))
	}
}
