// Captions in every form that the well-known trainers write.

package photo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/app/photo"
	"github.com/maquette-studio/maquette/storage/bounds"
)

func TestCaptionsAreTexts(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		content string
		want    string
		told    string
	}{
		"plain":           {"a fox", "a fox", ""},
		"a mark, a line":  {"\ufeffa fox, ein Füchslein\r\n", "a fox, ein Füchslein", ""},
		"empty":           {"", "", ""},
		"two lines":       {"a fox\nin snow\n", "a fox\nin snow", ""},
		"Windows' lines":  {"a fox\r\nin snow\r\n", "a fox\nin snow", ""},
		"old Macs' lines": {"a fox\rin snow", "a fox\nin snow", ""},
		"UTF-16":          {"\xff\xfea\x00 \x00\xfc\x00", "a ü", ""},
		"UTF-16, big":     {"\xfe\xff\x00a\x00 \x00\xfc", "a ü", ""},
		"UTF-16, bare":    {"a\x00 \x00f\x00o\x00x\x00", "a fox", ""},
		"UTF-16, cut":     {"\xff\xfea", "", "is not a text"},
		"Windows-1252":    {"ein F\xfcchslein \x96 rot", "ein Füchslein – rot", "look at its accents"},
		"binary":          {"a\x00b", "", "is not a text"},
		"a picture":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "", "is not a text"},
		"endless":         {string(make([]byte, 1<<20)), "", "too long"},
	} {
		path := filepath.Join(t.TempDir(), "photo.v2.jpg")
		write(t, filepath.Join(filepath.Dir(path), "photo.v2.txt"), []byte(row.content))
		got, told := photo.NewCaptions().Of(path)
		if got != row.want || (row.told != "") != (len(told) == 1) {
			t.Errorf("%s: %q, %v", name, got, told)
		}
		if len(told) == 1 && (told[0].Name != "photo.v2.txt" || !strings.Contains(told[0].Error(), row.told)) {
			t.Errorf("%s: told %v", name, told)
		}
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.Mkdir(filepath.Join(filepath.Dir(path), "photo.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got, told := photo.NewCaptions().Of(path); got != "" || len(told) > 0 {
		t.Errorf("with a folder of that name: %q, %v", got, told)
	}
}

func TestCaptionsAreFoundAsTrainersWriteThem(t *testing.T) {
	t.Parallel()
	const want = "a fox"
	for name, row := range map[string]struct{ photo, file, content string }{
		"kohya":                     {"1.png", "1.caption", want},
		"a large ending":            {"1.JPG", "1.TXT", want},
		"a cap":                     {"1.png", "1.cap", want},
		"behind the whole name":     {"1.jpg", "1.jpg.txt", want},
		"in another case":           {"Fox.jpg", "fox.Txt", want},
		"composed otherwise":        {"é.jpg", "e\u0301.txt", want},
		"and the other way":         {"e\u0301.jpg", "é.txt", want},
		"ai-toolkit's JSON":         {"1.jpg", "1.json", `{"caption": "a fox"}`},
		"Hugging Face, lines":       {"1.jpg", "metadata.jsonl", "{\"file_name\": \"0.jpg\", \"text\": \"an owl\"}\n{\"file_name\": \"1.jpg\", \"text\": \"a fox\"}\n"},
		"Hugging Face, a table":     {"1.jpg", "metadata.csv", "file_name,text\r\n0.jpg,\"an owl, asleep\"\r\n1.jpg,a fox\r\n"},
		"a table with semicolons":   {"1.jpg", "metadata.csv", "\ufefffile_name;caption\n1.jpg;a fox\n"},
		"Hugging Face, from above":  {"train/1.jpg", "metadata.jsonl", `{"file_name": "train/1.jpg", "text": "a fox"}`},
		"kohya's metadata":          {"1.jpg", "meta_cap.json", `{"1": {"caption": "a fox"}}`},
		"kohya's, whole paths":      {"1.jpg", "meta_lat.json", `{"C:\\train\\1.jpg": {"caption": "a fox", "train_resolution": [512, 512]}}`},
		"kohya's, caption and tags": {"1.jpg", "foxes_md.json", `{"/data/1.jpg": {"caption": "a", "tags": "fox"}}`},
		"musubi's lines":            {"1.jpg", "captions.jsonl", `{"image_path": "/data/1.jpg", "caption": "a fox"}`},
		"of names and texts":        {"1.jpg", "captions.json", `{"1.jpg": "a fox"}`},
	} {
		dir := t.TempDir()
		at := write(t, filepath.Join(dir, filepath.FromSlash(row.photo)), jpegOf(quarterPicture()))
		write(t, filepath.Join(dir, row.file), []byte(row.content))
		got, told := photo.NewCaptions().Of(at)
		if strings.ReplaceAll(got, ",", "") != want || len(told) > 0 {
			t.Errorf("%s: %q, %v", name, got, told)
		}
	}
}

func TestOfTwoCaptionsOneIsTakenAndToldOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := write(t, filepath.Join(dir, "1.jpg"), jpegOf(quarterPicture()))
	write(t, filepath.Join(dir, "1.txt"), []byte("a fox"))
	write(t, filepath.Join(dir, "1.caption"), []byte("a fox"))
	if got, told := photo.NewCaptions().Of(at); got != "a fox" || len(told) > 0 {
		t.Errorf("the same twice: %q, %v", got, told)
	}
	write(t, filepath.Join(dir, "metadata.jsonl"), []byte(`{"file_name": "1.jpg", "text": "an owl"}`))
	got, told := photo.NewCaptions().Of(at)
	if got != "a fox" || len(told) != 1 || !told[0].Harmless || !strings.Contains(told[0].Error(), "1.txt was taken, not that in metadata.jsonl") {
		t.Errorf("%q, %v", got, told)
	}
}

// Nobody else's files are captions.
func TestWhatIsNoCaptionIsNone(t *testing.T) {
	t.Parallel()
	for file, content := range map[string]string{
		"1.jpg.json":     `{"title": "1.jpg", "description": "Takeout"}`,
		"1.json":         `[1, 2]`,
		"metadata.jsonl": `{"file_name": "other/1.jpg", "text": "another folder's"}`,
		"metadata.json":  `{"format": "pt", "text": "no photo"}`,
		"metadata.csv":   "name,value\n1.jpg,3\n",
		"meta_cap.json":  `{"1": 5}`,
		"1.xmp":          "<x:xmpmeta/>",
		"1.npz":          "PK",
		"notes.txt":      "buy milk",
	} {
		dir := t.TempDir()
		at := write(t, filepath.Join(dir, "1.jpg"), jpegOf(quarterPicture()))
		write(t, filepath.Join(dir, file), []byte(content))
		if got, told := photo.NewCaptions().Of(at); got != "" || len(told) > 0 {
			t.Errorf("%s: %q, %v", file, got, told)
		}
	}
}

func FuzzCaptions(f *testing.F) {
	for _, seed := range []string{"a fox", "\xff\xfea\x00", "\xfe\xff\x00a", "F\xfcchslein", `{"1.jpg": {"caption": "a"}}`, "file_name,text\n1.jpg,a", `{"file_name":"1.jpg","text":["a"]}`, "\"\n", strings.Repeat("[", 20_000)} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	at := filepath.Join(dir, "1.jpg")
	names := []string{"1.txt", "1.caption", "1.CAPTION.txt", "1.jpg.txt", "metadata.jsonl", "metadata.csv", "metadata.json", "meta_cap.json", "x_md.json", "captions.jsonl", "1.json"}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		for _, name := range names {
			path := write(t, filepath.Join(dir, name), content)
			var text string
			bounds.Hold(t, bounds.Text, func() { text, _ = photo.NewCaptions().Of(at) })
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) && name == "1.txt" || strings.TrimSpace(text) != text {
				t.Errorf("%s gives %q", name, text)
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	})
}
