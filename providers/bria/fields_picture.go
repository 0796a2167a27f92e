// The fields of Bria's generations, with the documents' ranges and defaults.

package bria

import (
	"slices"

	"github.com/maquette-studio/maquette/providers"
)

const (
	maxGuidance = 4
	maxLinks    = 20        // of an image prompt, usually; no limit is documented
	maxSeed     = 1<<53 - 1 // usually; no limit is documented, beyond it JSON numbers lose digits
)

// textFields are those of text-to-image and text-to-vector.
func textFields() []providers.Field {
	return slices.Concat(commonFields(), []providers.Field{
		{
			Key: "aspect_ratio", Label: "Aspect ratio", Kind: providers.Choice, Default: "1:1",
			Options: options("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9"),
			Help:    "The shape of the pictures. With guidance pictures theirs is taken instead.",
		},
		influenceField("model_influence", "Model's influence", "How strongly the model shapes the pictures."),
		{
			Key: "guidance", Label: "Guidance pictures", Kind: providers.List, Max: maxGuidance, Items: guidanceFields(),
			Help: "Up to 4 pictures that guide the structure or the colours, all of the same shape. With light models only, and one result at a time.",
		},
		{
			Key: "image_prompt_file", Label: "Picture prompt", Kind: providers.Image,
			Help: "A picture whose content and style, or style alone, the result takes on. With light models only, and one result at a time.",
		},
		{
			Key: "image_prompt_urls", Label: "Picture prompt links", Kind: providers.List, Max: maxLinks, Soft: true, Advanced: true,
			Items: []providers.Field{{
				Key: "url", Label: "Link", Kind: providers.Text, Required: true, Help: "The address of a picture that anybody can read.",
			}},
			Help: "Pictures on the web for the same use: jpeg, png or webp.",
		},
		{
			Key: "image_prompt_mode", Label: "Picture prompt takes", Kind: providers.Choice, Default: "regular", Advanced: true,
			Options: []providers.Option{{Value: "regular", Label: "Content and style"}, {Value: "style_only", Label: "Style only"}},
			Help:    "What the result takes from the picture prompt.",
		},
		advanced(influenceField("image_prompt_scale", "Picture prompt's influence", "How strongly the picture prompt shapes the result.")),
	})
}

func guidanceFields() []providers.Field {
	return []providers.Field{
		{
			Key: "method", Label: "Method", Kind: providers.Choice, Required: true, Default: "controlnet_canny",
			Options: []providers.Option{
				{Value: "controlnet_canny", Label: "Edges"},
				{Value: "controlnet_depth", Label: "Depth"},
				{Value: "controlnet_recoloring", Label: "Recolouring"},
				{Value: "controlnet_color_grid", Label: "Colour grid"},
			},
			Help: "What is taken from the picture: its outlines, its depth, its light and shade to be coloured anew, or its colours in a 16 × 16 grid.",
		},
		{
			Key: "image", Label: "Picture", Kind: providers.Image, Required: true,
			Help: "The picture to be guided by: jpeg, png or webp of at most 12 MB.",
		},
		influenceField("scale", "Influence", "How strongly the picture guides the result."),
	}
}

func reimagineFields() []providers.Field {
	structure := influenceField("structure_ref_influence", "Structure's influence", "How closely the result keeps to the picture's structure.")
	structure.Default, structure.Soft = 0.75, true
	influence := influenceField("tailored_model_influence", "Model's influence", "How strongly the model shapes the result.")
	influence.Soft = true // this route is documented without parameters
	common := commonFields()
	for i, field := range common {
		common[i].Soft = field.Bounded()
	}
	return slices.Concat(common, []providers.Field{
		{
			Key: "structure_image_file", Label: "Picture", Kind: providers.Image,
			Help: "The picture whose structure is kept: jpeg, png or webp of at most 12 MB.",
		},
		advanced(providers.Field{
			Key: "structure_image_url", Label: "Picture's link", Kind: providers.Text,
			Help: "The address of a picture that anybody can read, instead of a picture sent along.",
		}),
		structure,
		influence,
	})
}

// commonFields are those of every way to generate.
func commonFields() []providers.Field {
	return []providers.Field{
		{
			Key: "prompt", Label: "Prompt", Kind: providers.Prompt, Required: true,
			Help: "What to show, in English and without special characters.",
		},
		{
			Key: "model_id", Label: "Model", Kind: providers.Trained, Required: true,
			Help: "A model trained at Bria.",
		},
		{
			Key: "num_results", Label: "Pictures", Kind: providers.Int, Default: int64(4), Min: 1, Max: 4,
			Help: "How many pictures to make: up to 4, without Fast up to 2, with guidance pictures 1.",
		},
		{
			Key: "fast", Label: "Fast", Kind: providers.Bool, Default: true,
			Help: "The best balance of speed and quality. Max models need it off.",
		},
		{
			Key: "steps_num", Label: "Steps", Kind: providers.Int, Min: 4, Max: 50,
			Help: "How often the picture is refined: 4 to 20 with Fast, 20 to 50 without. Left empty: 8 with Fast, 30 without.",
		},
		{
			Key: "seed", Label: "Seed", Kind: providers.Seed, Default: int64(-1), Min: -1, Max: maxSeed, Soft: true,
			Help: "The same seed, prompt and model give the same picture; -1 picks one at random.",
		},
		{
			Key: "include_generation_prefix", Label: "Model's prefix", Kind: providers.Bool, Default: true,
			Help: "Puts the words that the model was trained with before the prompt. Without them, write the whole prompt yourself.",
		},
		advanced(providers.Field{
			Key: "sync", Label: "Wait in the request", Kind: providers.Bool, Default: false,
			Help: "Bria answers only when the pictures are there. Better off, above all without Fast: an answer that is lost on the way can't be looked up.",
		}),
	}
}

// influenceField is a share from 0 to 1 that is whole unless set.
func influenceField(key, label, help string) providers.Field {
	return providers.Field{Key: key, Label: label, Kind: providers.Float, Default: 1.0, Min: 0, Max: 1, Step: 0.05, Help: help}
}

func advanced(field providers.Field) providers.Field {
	field.Advanced = true
	return field
}
