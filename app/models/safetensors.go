// Whether a downloaded file is the whole model.

package models

import (
	"encoding/binary"
	"encoding/json"
	"io"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// headerMost is the largest header that the safetensors format allows, bytes.
const headerMost = 100_000_000

// verify checks a downloaded model by its size and, for safetensors, by
// its header: every tensor must lie within the file and end where it ends.
func verify(m Model, part *storage.Part) error {
	if err := verifySize(m, part.ReaderAt(), part.Offset()); err != nil {
		return damagedModel(providers.SentenceOf(err))
	}
	return nil
}

// verifySize says, in words that follow "it", why a file of that size isn't
// the whole model.
func verifySize(m Model, file io.ReaderAt, size int64) error {
	if m.Size > 0 && size != m.Size {
		return providers.Errorf("has %d bytes instead of %d", size, m.Size)
	}
	if m.Format != "" && m.Format != "safetensors" {
		return nil
	}
	return checkSafetensors(file, size)
}

func damagedModel(why providers.Sentence) error {
	return &providers.Failure{
		Kind: providers.BadResult, Message: providers.Say("The downloaded model is damaged: it %s", why),
		Advice: providers.Say("Download it again; the damaged copy is discarded."), Money: providers.Spent,
	}
}

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
	var tensors map[string]json.RawMessage
	if err := json.Unmarshal(header, &tensors); err != nil {
		return providers.Errorf("has a safetensors header that is not JSON")
	}
	delete(tensors, "__metadata__")
	var end int64
	for name, raw := range tensors {
		var tensor struct {
			Offsets [2]int64 `json:"data_offsets"`
		}
		if err := json.Unmarshal(raw, &tensor); err != nil || tensor.Offsets[0] < 0 || tensor.Offsets[1] < tensor.Offsets[0] {
			return providers.Errorf("describes its tensor %.40q wrongly", name)
		}
		end = max(end, tensor.Offsets[1])
	}
	if len(tensors) == 0 || end != size-8-int64(n) {
		return providers.Errorf("holds %d bytes of tensors where its header promises %d", size-8-int64(n), end)
	}
	return nil
}
