// Whether a downloaded file is the whole model.

package models

import (
	"io"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage"
)

// verify checks a downloaded model by its size and, for safetensors, by
// its header, which says where each tensor lies.
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
