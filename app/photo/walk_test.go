package photo_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/providers"
)

func TestGatheringMixesFilesAndFolders(t *testing.T) {
	dir := t.TempDir()
	jpg := jpegOf(quarterPicture())
	for _, name := range []string{
		"in/cat10.jpg", "in/cat2.JPEG", "in/deep/er/Cat1.png", "in/cat3.webp",
		"in/.hidden.jpg", "in/.git/x.jpg", "loose.jpg", "no-extension", ".given.jpg",
	} {
		write(t, filepath.Join(dir, name), jpg)
	}
	write(t, filepath.Join(dir, "in/notes.txt"), []byte("about cats"))
	write(t, filepath.Join(dir, "in/cat4.gif"), []byte("GIF89a"))
	write(t, filepath.Join(dir, "given.txt"), []byte("about dogs"))

	var paths []string
	for _, name := range []string{"no-extension", "loose.jpg", "in", "loose.jpg", "given.txt", ".given.jpg", "absent"} {
		paths = append(paths, filepath.Join(dir, name))
	}
	files, problems := photo.Gather(t.Context(), paths)

	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(filepath.ToSlash(f), filepath.ToSlash(dir)+"/"))
	}
	wantNames := []string{
		".given.jpg", "in/cat2.JPEG", "in/cat3.webp", "in/cat10.jpg", "in/deep/er/Cat1.png", "loose.jpg", "no-extension",
	}
	if !slices.Equal(names, wantNames) {
		t.Errorf("found %q", names)
	}
	wantProblems := []photo.Rejected{
		{Name: "cat4.gif", Reason: providers.Say("is a GIF picture; save it as JPEG or PNG")},
		{Name: "given.txt", Reason: providers.Say("is not a picture (it looks like text)")},
		{Name: "absent", Reason: providers.Say("does not exist")},
	}
	if fmt.Sprintf("%v", problems) != fmt.Sprintf("%v", wantProblems) {
		t.Errorf("problems are %v", problems)
	}
}

func TestGatheringIsBoundedAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	for i := range photo.MaxGather + 3 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.jpg", i)), []byte("\xff\xd8\xff\xe0"))
	}
	files, problems := photo.Gather(t.Context(), []string{dir})
	if len(files) != photo.MaxGather || filepath.Base(files[1999]) != "1999.jpg" {
		t.Errorf("found %d, the last is %s", len(files), files[len(files)-1])
	}
	want := []photo.Rejected{{
		Name:   "2000.jpg",
		Reason: providers.Say("and what follows is left out; at most 2,000 photos are taken at once"),
	}}
	if fmt.Sprintf("%v", problems) != fmt.Sprintf("%v", want) {
		t.Errorf("problems are %v", problems)
	}
}

func TestGatheringStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := write(t, filepath.Join(t.TempDir(), "a.jpg"), jpegOf(quarterPicture()))
	if files, _ := photo.Gather(ctx, []string{path}); len(files) != 0 {
		t.Errorf("found %q", files)
	}
}
