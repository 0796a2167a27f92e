// How a Luma request is echoed in answers: the documented fields of its kind, nulls included.

package sandbox

import "encoding/json"

type lumaImageEcho struct {
	Type         string         `json:"type"`
	Model        string         `json:"model"`
	Prompt       *string        `json:"prompt"`
	AspectRatio  string         `json:"aspect_ratio"`
	CallbackURL  *string        `json:"callback_url"`
	ImageRef     []lumaRef      `json:"image_ref"`
	StyleRef     []lumaRef      `json:"style_ref"`
	CharacterRef *lumaCharacter `json:"character_ref"`
	ModifyRef    *lumaRef       `json:"modify_image_ref"`
}

func (r lumaRequest) echo() any {
	if r.Kind == "image" {
		return lumaImageEcho{r.Kind, r.Model, r.Prompt, r.AspectRatio, r.CallbackURL, r.ImageRef, r.StyleRef, r.CharacterRef, r.ModifyRef}
	}
	echo := map[string]any{
		"generation_type": r.Kind, "model": r.Model, "prompt": r.Prompt, "aspect_ratio": r.AspectRatio,
		"callback_url": r.CallbackURL, "media": r.Media, "format": r.Format,
	}
	for _, key := range lumaPlacing {
		if v, ok := r.Placing[key]; ok {
			echo[key] = v
		} else {
			echo[key] = nil
		}
	}
	return echo
}

var _ json.Marshaler = lumaEcho{}

// lumaEcho is a request inside an answer; lumaRequest itself marshals whole, for the state on disk.
type lumaEcho struct{ lumaRequest }

func (e lumaEcho) MarshalJSON() ([]byte, error) { return json.Marshal(e.echo()) }
