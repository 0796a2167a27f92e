// Files that are whole models, and files that only look like it.

package models

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/storage/bounds"
)

// tensorFile is a header and so many bytes of tensors.
func tensorFile(header string, data int) string {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return string(append(append(b, header...), make([]byte, data)...))
}

func TestDamagedModelsAreRecognised(t *testing.T) {
	t.Parallel()
	file := tensorFile
	good := `{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`
	tensor := func(name, kind, shape string, begin, end int) string {
		return fmt.Sprintf(`%q:{"dtype":%q,"shape":%s,"data_offsets":[%d,%d]}`, name, kind, shape, begin, end)
	}
	for _, row := range []struct{ name, content, says string }{
		{"whole", file(good, 8), ""},
		{"spaces behind the header", file(good+"     ", 8), ""},
		{"a scalar", file("{"+tensor("s", "F64", "[]", 0, 8)+"}", 8), ""},
		{"a tensor of nothing", file("{"+tensor("a", "U8", "[2]", 0, 2)+","+tensor("n", "F32", "[0,5]", 2, 2)+"}", 2), ""},
		{"nothing but nothing", file("{"+tensor("n", "F32", "[0]", 0, 0)+"}", 0), ""},
		{"four bits each", file("{"+tensor("q", "F4", "[2,3]", 0, 3)+"}", 3), ""},
		{"six bits each", file("{"+tensor("q", "F6_E2M3", "[4]", 0, 3)+"}", 3), ""},
		{"a type that is younger", file("{"+tensor("q", "F3_E1M1", "[8]", 0, 3)+"}", 3), ""},
		{"in any order", file("{"+tensor("b", "I16", "[1]", 2, 4)+","+tensor("a", "BF16", "[1]", 0, 2)+"}", 4), ""},
		{"empty", "", "too short"},
		{"seven bytes", "1234567", "too short"},
		{"a web page", "<!DOCTYPE html><html><body>Forbidden</body></html>", "no safetensors header"},
		{"a header that never ends", string(binary.LittleEndian.AppendUint64(nil, 1<<63)) + good, "no safetensors header"},
		{"a header that is no JSON", file("not json at all!", 8), "not JSON"},
		{"two headers", file(good+good, 8), "not JSON"},
		{"a list", file(`[1]`, 8), "not JSON"},
		{"cut JSON", file(good[:len(good)-1], 8), "not JSON"},
		{"no UTF-8", file(strings.Replace(good, `"w"`, "\"\xff\"", 1), 8), "not JSON"},
		{"a space before the header", file(" "+good, 8), "not JSON"},
		{"cut tensors", file(good, 4), "promises"},
		{"bytes too many", file(good, 16), "promises"},
		{"no tensors", file(`{}`, 0), "promises"},
		{"offsets backwards", file("{"+tensor("w", "U8", "[8]", 8, 0)+"}", 8), "wrongly"},
		{"negative offsets", file("{"+tensor("w", "U8", "[16]", -8, 8)+"}", 8), "wrongly"},
		{"three offsets", file(`{"w":{"dtype":"U8","shape":[8],"data_offsets":[0,4,8]}}`, 8), "wrongly"},
		{"no type", file(`{"w":{"shape":[8],"data_offsets":[0,8]}}`, 8), "wrongly"},
		{"no shape", file(`{"w":{"dtype":"U8","data_offsets":[0,8]}}`, 8), "wrongly"},
		{"a shape of texts", file(`{"w":{"dtype":"U8","shape":["8"],"data_offsets":[0,8]}}`, 8), "wrongly"},
		{"a type that is none", file("{"+tensor("w", "float 32", "[2]", 0, 8)+"}", 8), "wrongly"},
		{"a tensor that is a number", file(`{"w":8}`, 8), "wrongly"},
		{"metadata that are numbers", file(`{"__metadata__":{"a":1},`+tensor("w", "U8", "[8]", 0, 8)+"}", 8), "metadata"},
		{"a hole at the start", file("{"+tensor("w", "U8", "[4]", 4, 8)+"}", 8), "hole"},
		{"a hole", file("{"+tensor("a", "U8", "[2]", 0, 2)+","+tensor("b", "U8", "[4]", 4, 8)+"}", 8), "hole"},
		{"an overlap", file("{"+tensor("a", "U8", "[6]", 0, 6)+","+tensor("b", "U8", "[4]", 4, 8)+"}", 8), "overlap"},
		{"the same bytes twice", file("{"+tensor("a", "U8", "[8]", 0, 8)+","+tensor("b", "U8", "[8]", 0, 8)+"}", 8), "overlap"},
		{"too few bytes for the shape", file("{"+tensor("w", "F32", "[3]", 0, 8)+"}", 8), "don't fit"},
		{"too many bytes for the shape", file("{"+tensor("w", "F8_E4M3", "[4]", 0, 8)+"}", 8), "don't fit"},
		{"half a byte", file("{"+tensor("q", "F4", "[3]", 0, 2)+"}", 2), "don't fit"},
		{"a shape beyond counting", file("{"+tensor("w", "U8", "[4294967296,4294967296,8]", 0, 8)+"}", 8), "don't fit"},
		{"a name twice", file("{"+tensor("w", "U8", "[8]", 0, 8)+","+tensor("w", "U8", "[8]", 0, 8)+"}", 8), "twice"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := checkSafetensors(strings.NewReader(row.content), int64(len(row.content)))
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("got %v, want it to say %q", err, row.says)
			}
		})
	}
}

func TestEveryTypeOfTheFormatHasItsLength(t *testing.T) {
	t.Parallel()
	for kind, bits := range bitsOf {
		whole := tensorFile(fmt.Sprintf(`{"w":{"dtype":%q,"shape":[8],"data_offsets":[0,%d]}}`, kind, bits), int(bits))
		if err := checkSafetensors(strings.NewReader(whole), int64(len(whole))); err != nil {
			t.Errorf("%s: it %v", kind, err)
		}
		cut := tensorFile(fmt.Sprintf(`{"w":{"dtype":%q,"shape":[16],"data_offsets":[0,%d]}}`, kind, bits), int(bits))
		if err := checkSafetensors(strings.NewReader(cut), int64(len(cut))); err == nil {
			t.Errorf("%s: half the tensor is whole", kind)
		}
	}
}

// What is found whole is whole: no byte of it belongs to no tensor, or to two.
func FuzzSafetensors(f *testing.F) {
	f.Add([]byte(tensorFile(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8)))
	f.Add([]byte(tensorFile(`{"__metadata__":{"a":"b"},"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}`, 2)))
	f.Add([]byte(tensorFile(`{"w":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615]}}`, 1)))
	f.Add([]byte(tensorFile(strings.Repeat(`{"a":`, 500), 0)))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		var err error
		bounds.Hold(t, bounds.Text, func() { err = checkSafetensors(strings.NewReader(string(content)), int64(len(content))) })
		if err != nil {
			return
		}
		header := content[8 : 8+binary.LittleEndian.Uint64(content)]
		tensors, err := readHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		bytes := 0
		for _, one := range tensors {
			bytes += int(one.end - one.begin)
		}
		if held := len(content) - 8 - len(header); bytes != held {
			t.Errorf("%d bytes of tensors are in %d", bytes, held)
		}
	})
}
