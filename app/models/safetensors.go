// Whether a safetensors file is whole (Hugging Face, safetensors, README,
// "Format"): a header that says where each tensor lies, and tensors that fill
// the rest without a hole.

package models

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/bits"
	"slices"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
)

const (
	// headerMost is the largest header that the format allows, bytes.
	headerMost = 100_000_000
	// tensorsMost is how many tensors a header may describe; the largest models
	// have a few thousand.
	tensorsMost = 1_000_000
)

// bitsOf is how many bits an element of each type has (safetensors,
// src/tensor.rs, Dtype).
var bitsOf = map[string]uint64{
	"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
	"I16": 16, "U16": 16, "F16": 16, "BF16": 16,
	"I32": 32, "U32": 32, "F32": 32,
	"I64": 64, "U64": 64, "F64": 64, "C64": 64,
	"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}

// tensor is where one lies, in bytes behind the header.
type tensor struct {
	name       string
	begin, end uint64
}

// checkSafetensors says, in words that follow "it", why a file isn't a whole
// safetensors file.
func checkSafetensors(r io.ReaderAt, size int64) error {
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return providers.Errorf("is too short for a safetensors file")
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > headerMost || int64(n) > size-8 {
		return providers.Errorf("has no safetensors header")
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil {
		return providers.Errorf("is cut within its header")
	}
	tensors, err := readHeader(header)
	if err != nil {
		return err
	}
	return checkLayout(tensors, uint64(size-8-int64(n)))
}

// checkLayout holds tensors to lying one behind the other, from the first byte
// to the last.
func checkLayout(tensors []tensor, held uint64) error {
	slices.SortFunc(tensors, func(a, b tensor) int { return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end)) })
	end := uint64(0)
	for _, t := range tensors {
		switch {
		case t.begin < end:
			return providers.Errorf("has tensors that overlap, at %.40q", t.name)
		case t.begin > end:
			return providers.Errorf("has a hole of %d bytes before its tensor %.40q", t.begin-end, t.name)
		}
		end = t.end
	}
	if len(tensors) == 0 || end != held {
		return providers.Errorf("holds %d bytes of tensors where its header promises %d", held, end)
	}
	return nil
}

var errNotJSON = providers.Errorf("has a safetensors header that is not JSON")

// readHeader reads member by member: a name that is there twice isn't seen
// otherwise.
func readHeader(header []byte) ([]tensor, error) {
	if !bytes.HasPrefix(header, []byte("{")) || !utf8.Valid(header) {
		return nil, errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(header))
	if _, err := decoder.Token(); err != nil {
		return nil, errNotJSON
	}
	var tensors []tensor
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, errNotJSON
		}
		if seen[name] || len(seen) == tensorsMost {
			return nil, providers.Errorf("describes its tensor %.40q twice", name)
		}
		seen[name] = true
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, errNotJSON
		}
		if name == "__metadata__" {
			var metadata map[string]string
			if err := json.Unmarshal(raw, &metadata); err != nil {
				return nil, providers.Errorf("has metadata that are no texts")
			}
			continue
		}
		t, err := readTensor(name, raw)
		if err != nil {
			return nil, err
		}
		tensors = append(tensors, t)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errNotJSON
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) { // spaces alone may follow
		return nil, errNotJSON
	}
	return tensors, nil
}

// readTensor reads a tensor's description and holds its length to its type and shape.
func readTensor(name string, raw json.RawMessage) (tensor, error) {
	var described struct {
		Type    *string  `json:"dtype"`
		Shape   []uint64 `json:"shape"`
		Offsets []uint64 `json:"data_offsets"`
	}
	wrong := providers.Errorf("describes its tensor %.40q wrongly", name)
	err := json.Unmarshal(raw, &described)
	if err != nil || described.Type == nil || described.Shape == nil || len(described.Offsets) != 2 || described.Offsets[1] < described.Offsets[0] {
		return tensor{}, wrong
	}
	t := tensor{name, described.Offsets[0], described.Offsets[1]}
	width, known := bitsOf[*described.Type]
	if !known {
		return t, checkUnknownType(*described.Type, t)
	}
	count, fits := width, true
	for _, n := range described.Shape {
		high, low := bits.Mul64(count, n)
		fits = fits && high == 0
		count = low
	}
	if slices.Contains(described.Shape, 0) {
		count, fits = 0, true
	}
	if !fits || count%8 != 0 || count/8 != t.end-t.begin {
		return t, providers.Errorf("holds %d bytes of its tensor %.40q, which its shape and type (%.20s) don't fit", t.end-t.begin, name, *described.Type)
	}
	return t, nil
}

// checkUnknownType lets types that are younger than this program pass: only
// what a name of one looks like is known.
func checkUnknownType(name string, t tensor) error {
	for _, r := range name {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return providers.Errorf("describes its tensor %.40q wrongly", t.name)
		}
	}
	if name == "" || len(name) > 20 {
		return providers.Errorf("describes its tensor %.40q wrongly", t.name)
	}
	return nil
}
