package models

import (
	"encoding/binary"
	"strings"
	"testing"
)

func TestDamagedModelsAreRecognised(t *testing.T) {
	file := func(header string, data int) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		return append(append(b, header...), make([]byte, data)...)
	}
	good := `{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
	for _, row := range []struct {
		name    string
		content []byte
		says    string
	}{
		{"whole", file(good, 8), ""},
		{"empty", nil, "too short"},
		{"seven bytes", []byte("1234567"), "too short"},
		{"a web page", []byte("<!DOCTYPE html><html><body>Forbidden</body></html>"), "no safetensors header"},
		{"a header that is no JSON", file("not json at all!", 8), "not JSON"},
		{"cut tensors", file(good, 4), "promises"},
		{"bytes too many", file(good, 16), "promises"},
		{"no tensors", file(`{}`, 0), "promises"},
		{"offsets backwards", file(`{"w":{"data_offsets":[8,0]}}`, 8), "wrongly"},
		{"negative offsets", file(`{"w":{"data_offsets":[-8,8]}}`, 8), "wrongly"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := checkSafetensors(strings.NewReader(string(row.content)), int64(len(row.content)))
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("got %v, want it to say %q", err, row.says)
			}
		})
	}
}
