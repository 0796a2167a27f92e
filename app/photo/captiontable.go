// Captions of many photos in one file: Hugging Face's imagefolder
// (metadata.jsonl, metadata.csv), kohya's sd-scripts (meta_cap.json and its
// kin), musubi-tuner (lines of image_path and caption).

package photo

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path"
	"strings"

	"github.com/maquette-studio/maquette/storage/filename"
)

const (
	// tableMost bounds such a file, bytes.
	tableMost = 32 << 20
	// rowsMost bounds how many photos one describes.
	rowsMost = 200_000
)

// The members that name a photo, and those that are its caption, the likeliest first.
var (
	photoMembers   = []string{"file_name", "image_path", "filename", "image", "file", "path"}
	captionMembers = []string{"text", "caption", "prompt"}
)

// captionTable is the captions of a file, by the folded names it gives photos.
type captionTable map[string]string

// readTable reads a file by the ending of its name; none for what is no such
// file.
func readTable(name string, content []byte) captionTable {
	table := captionTable{}
	if len(content) > tableMost {
		return table
	}
	text, _, ok := captionText(content)
	if !ok {
		return table
	}
	switch extensionOfName(name) {
	case "jsonl":
		table.readLines(text)
	case "csv":
		table.readCSV(text)
	case "json":
		table.readJSON(text)
	}
	return table
}

func (t captionTable) readLines(text string) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row map[string]any
		if json.Unmarshal(lines.Bytes(), &row) == nil {
			t.addRow(row)
		}
	}
}

// readJSON reads kohya's object of photos, or a list of rows.
func (t captionTable) readJSON(text string) {
	var rows []map[string]any
	if strings.HasPrefix(text, "[") {
		if json.Unmarshal([]byte(text), &rows) == nil {
			for _, row := range rows {
				t.addRow(row)
			}
		}
		return
	}
	var photos map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &photos) != nil {
		return
	}
	for name, raw := range photos {
		var row map[string]any
		var caption string
		switch {
		case json.Unmarshal(raw, &row) == nil:
			t.add(name, captionOf(row))
		case strings.Contains(name, ".") && json.Unmarshal(raw, &caption) == nil:
			t.add(name, caption)
		}
	}
}

func (t captionTable) readCSV(text string) {
	for _, comma := range ",;\t" {
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = comma, true, -1
		header, err := reader.Read()
		if err != nil || len(header) < 2 {
			continue
		}
		for len(t) < rowsMost {
			fields, err := reader.Read()
			if err != nil {
				break
			}
			row := map[string]any{}
			for i, field := range fields[:min(len(fields), len(header))] {
				row[strings.TrimSpace(header[i])] = field
			}
			t.addRow(row)
		}
		return
	}
}

func (t captionTable) addRow(row map[string]any) {
	for _, member := range photoMembers {
		if name, ok := row[member].(string); ok && name != "" {
			t.add(name, captionOf(row))
			return
		}
	}
}

func (t captionTable) add(name, caption string) {
	caption = strings.TrimSpace(caption)
	if caption == "" || len(caption) > maxCaption || len(t) >= rowsMost {
		return
	}
	t[tableKey(name)] = caption
}

// tableKey is a name as files give it, with slashes and nothing before the
// folder; of a whole path, which is another computer's, only its end.
func tableKey(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if path.IsAbs(name) || len(name) > 2 && name[1] == ':' {
		name = path.Base(name)
	}
	return filename.Fold(strings.TrimPrefix(path.Clean(name), "./"))
}

// captionOf is a row's caption; as kohya's trainer does, its tags follow.
func captionOf(row map[string]any) string {
	var caption string
	for _, member := range captionMembers {
		if text := textOf(row[member]); text != "" {
			caption = text
			break
		}
	}
	tags := textOf(row["tags"])
	if caption == "" || tags == "" {
		return caption + tags
	}
	return caption + ", " + tags
}

// textOf is a text, or a list of texts.
func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value)
	case []any:
		var texts []string
		for _, one := range value {
			if text, ok := one.(string); ok && strings.TrimSpace(text) != "" {
				texts = append(texts, strings.TrimSpace(text))
			}
		}
		return strings.Join(texts, ", ")
	}
	return ""
}

// find is the caption of a photo whose path from the file's folder is given,
// with slashes: kohya names it without its extension.
func (t captionTable) find(relative string) string {
	key := filename.Fold(relative)
	for _, name := range []string{key, stemOf(key), path.Base(key), stemOf(path.Base(key))} {
		if caption := t[name]; caption != "" {
			return caption
		}
	}
	return ""
}

// captionInJSON is the caption in a JSON file that lies beside one photo, as
// ai-toolkit reads it; "" where it is another program's.
func captionInJSON(content []byte) string {
	text, _, ok := captionText(content)
	var row map[string]any
	if !ok || json.NewDecoder(bytes.NewReader([]byte(text))).Decode(&row) != nil {
		return ""
	}
	return captionOf(row)
}
