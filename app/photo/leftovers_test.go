// Folders as other programs leave them.

package photo_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/photo"
)

func TestWhatOtherProgramsLeaveIsNoPhoto(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "foxes")
	jpg := jpegOf(quarterPicture())
	photos := []string{
		"1.jpg", "2.png", "10_fox animal/3.jpg", "Kamera @home/4.jpg", "masks of Venice/5.jpg", "set/images/6.jpg", "control/other.jpg", "half_mask.jpg", "Previews/poster.jpg",
		"Fotos.photoslibrary/originals/A/7.jpg", "iPhoto.photolibrary/Masters/2011/8.jpg", "Shoot.cocatalog/Originals/9.jpg", "11.sync-conflict-20261127-101500-ABCDEF7.jpg", "boat_cond.jpg",
		"kohya/img/10_ukj person/12.jpg", "kohya/img/reg/13.jpg", "class/14.jpg",
	}
	for _, name := range photos {
		write(t, filepath.Join(dir, name), jpg)
	}
	for _, name := range []string{
		"@eaDir/1.jpg/SYNOPHOTO_THUMB_XL.jpg", "#recycle/old.jpg", "#snapshot/x/1.jpg", "@Recycle/9.jpg", "@Recently-Snapshot/day/1.jpg", ".@__thumb/1.jpg",
		"$RECYCLE.BIN/S-1-5-21/$RABC.jpg", "System Volume Information/1.jpg", "RECYCLER/1.jpg", "lost+found/1.jpg", "__MACOSX/._1.jpg", "__MACOSX/1.jpg",
		".Trash-1000/files/1.jpg", ".Trashes/501/1.jpg", ".AppleDouble/1.jpg", ".Spotlight-V100/1.jpg", ".thumbnails/1.jpg", ".git/1.jpg", "._1.jpg",
		"@__thumb/1.jpg", "~snapshot/hourly/1.jpg", "_vti_cnf/1.jpg", "iPod Photo Cache/F01/1.jpg", "Dropbox.cache/1.jpg", "Originals.picasaoriginals/1.jpg",
		"10_fox animal/thumbs/3.jpg", ".stfolder/1.jpg", ".stversions/1~20260101-000000.jpg", ".sync/1.jpg", ".dtrash/files/1.jpg", ".tmp.drivedownload/1.jpg",
		".ipynb_checkpoints/1-checkpoint.jpg", ".darktable/1.jpg", ".picasaoriginals/1.jpg", ".TemporaryItems/1.jpg", "Smart Previews.lrdata/1.jpg",
		"_latent_cache/1.png", "_t_e_cache/1.jpg", "1-masklabel.png", "1-condlabel.png", "1_conditioning.png", "2-conditioning.webp", "1_cond.png",
		"Fotos.photoslibrary/resources/derivatives/A/7_1_105_c.jpeg", "Fotos.photoslibrary/resources/renders/A/7.jpg", "Fotos.photoslibrary/scopes/x/7.jpg",
		"iPhoto.photolibrary/Previews/2011/8.jpg", "iPhoto.photolibrary/Thumbnails/8.jpg", "Shoot.cocatalog/Cache/Thumbnails/9.jpg", "Katalog.lrcat-data/1.jpg",
		"1.sync-conflict-20261127-101500-ABCDEF7.jpg", "2 (Vix's conflicted copy 2026-11-27).png", "2 (conflicted copy 2026-11-27 101500).png",
		"_clip_vision_cache/1.png", "_controls/1.png", "1_mask.png", "2.mask.png",
		"kohya/reg/1_person/15.jpg", "kohya/model/sample/16.png", "kohya/log/17.png",
		"Catalog Previews.lrdata/a/1.jpg", "CaptureOne/Cache/Thumbnails/1.jpg", "masks/1.png", "masks/2.png", "set/conditioning_images/6.png",
	} {
		write(t, filepath.Join(dir, name), jpg)
	}
	for _, name := range []string{
		".DS_Store", "Thumbs.db", "desktop.ini", "1.xmp", "1.jpg.dop", "1.npz", "1_0512x0512_sd.npz", "1.safetensors", "1.txt", "2.caption", "metadata.jsonl", "dataset.toml", "1.cap", "1.json",
		"metadata_cache.json", "multiply.txt", ".aitk_size.json", "1_te.safetensors", "1.pt", "Fotos.photoslibrary/database/Photos.sqlite", "~syncthing~1.jpg.tmp", "1.jpg.part", "1.jpg.crdownload",
	} {
		write(t, filepath.Join(dir, name), []byte("x"))
	}
	files, problems := photo.Gather(t.Context(), []string{dir})
	var got []string
	for _, f := range files {
		name, _ := filepath.Rel(dir, f)
		got = append(got, filepath.ToSlash(name))
	}
	slices.Sort(got)
	slices.Sort(photos)
	if !slices.Equal(got, photos) || len(problems) > 0 {
		t.Errorf("found %q\nwant  %q\nproblems %v", got, photos, problems)
	}
}

func TestKindsThatAreNotReadAreCounted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shoot")
	write(t, filepath.Join(dir, "1.jpg"), jpegOf(quarterPicture()))
	for _, name := range []string{
		"1.CR2", "2.nef", "sub/3.ARW", "film.MP4", "clip.mov", "layers.psd", "all.zip", ".4.jpg.icloud", "sub/.5.heic.icloud", ".hidden.cr2", "@eaDir/6.cr2",
	} {
		write(t, filepath.Join(dir, name), []byte("II*\x00"))
	}
	files, problems := photo.Gather(t.Context(), []string{dir + "/"})
	if len(files) != 1 {
		t.Errorf("found %q", files)
	}
	var said []string
	for _, p := range problems {
		said = append(said, fmt.Sprint(p.Harmless, " ", p.Sentence()))
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"true shoot holds camera RAW files (3), which aren't read: export them as JPEG",
		"true shoot holds videos (2)", "true shoot holds files of drawing programs (1", "true shoot holds archives (1)",
		"false shoot holds photos that lie in iCloud only (2): download them first",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nobody says %q:\n%s", want, all)
		}
	}
	if len(problems) != 5 {
		t.Errorf("told\n%s", all)
	}
	_, problems = photo.Gather(t.Context(), []string{filepath.Join(dir, "2.nef")})
	if len(problems) != 1 || problems[0].Harmless || !strings.Contains(problems[0].Error(), "2.nef is a camera RAW file, which isn't read: export it as JPEG") {
		t.Errorf("told %v", problems)
	}
}
