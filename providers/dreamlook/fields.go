// The fields of the dreamlook.ai tasks. Keys are the API's own names; lists
// of known values are suggestions, since the service adds to them without
// notice. Ranges and defaults come from the documents' examples and guides
// ("Using the API", "Good SD1.5 default settings", "Stable Diffusion XL").

package dreamlook

import (
	"slices"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// defaultBaseModel is used when neither a base model nor a checkpoint is
// chosen: the one in the documents' example.
const defaultBaseModel = "stable-diffusion-v1-5"

// The documents set no limits: these, and the other ranges here, are what is
// known to work.
const (
	maxSteps          = 100_000
	maxGuidance       = 50
	maxPriority       = 1000
	maxTags           = 50
	maxConfigurations = 50
)

var baseModels = []providers.Option{
	{Value: "stable-diffusion-v1-5", Label: "Stable Diffusion 1.5"},
	{Value: "stable-diffusion-xl-v1-0", Label: "Stable Diffusion XL 1.0"},
	{Value: "realistic-vision-v3-0", Label: "Realistic Vision 3.0"},
	{Value: "realistic-vision-v5-1", Label: "Realistic Vision 5.1"},
	{Value: "cyberrealistic-v3-1", Label: "CyberRealistic 3.1"},
	{Value: "realism-engine-sdxl-v3-0", Label: "Realism Engine SDXL 3.0"},
}

// trainingFields are what a training is made of.
func trainingFields() []providers.Field {
	return []providers.Field{
		{
			Key: "instance_prompt", Label: "Instance prompt", Kind: providers.Text,
			Help:    "Names what the photos show. Keep a rare word such as “ukj” in it and use the same words in prompts later.",
			Default: "photo of ukj person", Required: true,
		},
		{
			Key: "base_model", Label: "Base model", Kind: providers.Choice, Options: baseModels, Open: true,
			Help: "The model to train on top of. Left empty: " + defaultBaseModel + ", unless a trained model is chosen.",
		},
		{
			Key: "checkpoint_id", Label: "Continue from", Kind: providers.Trained,
			Help: "A model trained at dreamlook.ai to go on training, instead of a base model.",
		},
		{
			Key: "steps", Label: "Steps", Kind: providers.Int, Default: int64(1200), Min: 1, Max: maxSteps, Soft: true, Step: 100,
			Help: "How long to train. 1200 is the documents' example for Stable Diffusion 1.5; 1500 suits 5 to 15 portraits with SDXL.",
		},
		{
			Key: "learning_rate", Label: "Learning rate", Kind: providers.Float, Default: 1e-6, Min: 1e-7, Max: 1e-3, Soft: true, Step: 1e-7,
			Help: "0.000001 suits Stable Diffusion 1.5. For SDXL 0.00001, or 0.000005 for a style.",
		},
		{
			Key: "use_captions", Label: "Use captions", Kind: providers.Bool, Default: true, Local: true,
			Help: "Sends the photos' captions along. Photos without one use the instance prompt.",
		},
		{
			Key: "extract_lora", Label: "LoRA", Kind: providers.Choice, Open: true,
			Options: []providers.Option{{Value: "original", Label: "Extract one too"}, {Value: "disabled", Label: "None"}},
			Help:    "Whether to deliver the training as a small LoRA file too. Left empty, the service chooses.",
		},
		advanced(textEncoderRate("learning_rate_te", "of Stable Diffusion 1.5's text encoder")),
		advanced(textEncoderRate("learning_rate_te1", "of SDXL's first text encoder; 0.000003 is a good value")),
		advanced(textEncoderRate("learning_rate_te2", "of SDXL's second text encoder; 0 is a good value")),
		advanced(providers.Field{
			Key: "enable_offset_noise", Label: "Offset noise", Kind: providers.Bool,
			Help: "Allows darker and brighter pictures. Leave it off for SDXL.",
		}),
		advanced(providers.Field{
			Key: "crop_method", Label: "Crop", Kind: providers.Choice, Open: true, Options: values("center", "face"),
			Help: "How the service crops photos that aren't square.",
		}),
		advanced(providers.Field{
			Key: "save_checkpoints_at", Label: "Save checkpoints at", Kind: providers.Text,
			Help: "Steps at which to save a checkpoint too, separated by commas: 400, 800.",
		}),
		advanced(providers.Field{
			Key: "saved_model_format", Label: "Model format", Kind: providers.Choice, Open: true, Default: "original",
			Options: values("original"), Help: "“original” is what most tools load.",
		}),
		advanced(providers.Field{
			Key: "saved_model_weights_format", Label: "Weights format", Kind: providers.Choice, Open: true, Default: "safetensors",
			Options: values("safetensors"), Help: "safetensors is the safe one, and the only one whose download can be verified.",
		}),
		advanced(providers.Field{
			Key: "checkpoint_availability_mode", Label: "Availability", Kind: providers.Choice, Open: true, Options: values("standard"),
			Help: "How long the service keeps the models. Without a plan: 48 hours.",
		}),
		advanced(providers.Field{
			Key: "text_encoder_training", Label: "Text encoder training", Kind: providers.Text,
			Help: "Leave it empty: it selects a retired beta of SDXL training.",
		}),
	}
}

func textEncoderRate(key, of string) providers.Field {
	return providers.Field{
		Key: key, Label: strings.TrimSpace("Learning rate, text encoder " + strings.TrimPrefix(key, "learning_rate_te")), Kind: providers.Float,
		Min: 0, Max: 1e-3, Soft: true, Step: 1e-7, Help: "The learning rate " + of + ".",
	}
}

// modelFields choose what to generate with.
func modelFields() []providers.Field {
	return []providers.Field{
		{
			Key: "checkpoint_id", Label: "Trained model", Kind: providers.Trained,
			Help: "A model trained at dreamlook.ai, instead of a base model.",
		},
		{
			Key: "base_model", Label: "Base model", Kind: providers.Choice, Options: baseModels, Open: true,
			Help: "The model to generate with. Left empty: " + defaultBaseModel + ", unless a trained model is chosen.",
		},
	}
}

// pictureFields say what to generate, whatever the model.
func pictureFields() []providers.Field { return slices.Concat(promptFields(), drawingFields()) }

// promptFields say in words what to generate.
func promptFields() []providers.Field {
	return []providers.Field{
		{
			Key: "prompt", Label: "Prompt", Kind: providers.Prompt, Required: true,
			Help: "What to show. With a model of your own, use the words of its instance prompt.",
		},
		{
			Key: "negative_prompt", Label: "Negative prompt", Kind: providers.Prompt,
			Help: "What not to show.",
		},
	}
}

// drawingFields say how it is drawn, and how often.
func drawingFields() []providers.Field {
	return []providers.Field{
		{
			Key: "num_samples", Label: "Pictures", Kind: providers.Int, Default: int64(4), Min: 1, Max: 50, Soft: true,
			Help: "How many pictures to make.",
		},
		edge("width", "Width"),
		edge("height", "Height"),
		{
			Key: "seed", Label: "Seed", Kind: providers.Seed, Default: int64(-1), Min: -1, Max: 1<<32 - 1, Soft: true,
			Help: "The same seed and values give the same picture; -1 picks one at random.",
		},
		{
			Key: "num_inference_steps", Label: "Steps", Kind: providers.Int, Default: int64(20), Min: 1, Max: 150, Soft: true,
			Help: "More steps take longer and show more detail, up to a point.",
		},
		{
			Key: "guidance_scale", Label: "Guidance scale", Kind: providers.Float, Default: 7.5, Min: 0, Max: maxGuidance, Soft: true, Step: 0.5,
			Help: "How closely to follow the prompt.",
		},
		{
			Key: "enable_hrf", Label: "High resolution fix", Kind: providers.Bool,
			Help: "Draws small first and then larger: fewer doubled heads and limbs in large pictures.",
		},
		{
			Key: "denoising_strength", Label: "Denoising strength", Kind: providers.Float, Default: 0.6, Min: 0, Max: 1, Soft: true, Step: 0.05,
			Help: "How much the larger picture may differ from the small one.",
			When: &providers.Condition{Key: "enable_hrf", In: []string{"true"}},
		},
		advanced(providers.Field{
			Key: "scheduler_type", Label: "Sampler", Kind: providers.Choice, Open: true, Options: values("dpm++", "dpmpp-2m-karras"),
			Help: "What draws the picture, step by step. Left empty, the service chooses.",
		}),
		advanced(providers.Field{
			Key: "model_type", Label: "Model type", Kind: providers.Choice, Open: true, Options: values(typeSD1, typeSDXL),
			Help: "The family of the model. Left empty, it is taken from the model.",
		}),
		advanced(providers.Field{
			Key: "output_format", Label: "Format", Kind: providers.Choice, Open: true, Default: "png", Options: values("png"),
			Help: "The pictures' file format.",
		}),
	}
}

func edge(key, label string) providers.Field {
	return providers.Field{
		Key: key, Label: label, Kind: providers.Int, Min: 512, Max: 1024, Soft: true, Step: 64,
		Help: "In pixels. Left empty: 1024 with an SDXL model, otherwise 512.",
	}
}

// requestFields apply to a request as a whole.
func requestFields() []providers.Field {
	return []providers.Field{
		{
			Key: "dry_run", Label: "Dry run", Kind: providers.Bool,
			Help: "The service only checks the request: nothing is made and nothing charged.",
		},
		advanced(providers.Field{
			Key: "priority", Label: "Priority", Kind: providers.Int, Min: 0, Max: maxPriority, Soft: true,
			Help: "The job's place in your queue at the service. Left empty, the service chooses.",
		}),
		advanced(providers.Field{
			Key: "tags", Label: "Tags", Kind: providers.List, Max: maxTags, Soft: true,
			Help: "Names and values of your own, kept with the job at the service.",
			Items: []providers.Field{
				{Key: "key", Label: "Name", Kind: providers.Text, Required: true, Help: "The tag's name."},
				{Key: "value", Label: "Value", Kind: providers.Text, Required: true, Help: "The tag's value."},
			},
		}),
		advanced(providers.Field{
			Key: "callback", Label: "Callback address", Kind: providers.Text,
			Help: "An address of your own server that the service tells when the job is over. " +
				"It takes the place of Maquette's own callbacks for this job.",
		}),
	}
}

// dreamboothFields are those of a training on its own.
func dreamboothFields() []providers.Field {
	return slices.Concat(trainingFields(), requestFields())
}

// generationFields are those of a generation on its own.
func generationFields() []providers.Field {
	return slices.Concat(promptFields(), modelFields(), drawingFields(), requestFields())
}

// bothFields are those of a training followed by generations with its result.
func bothFields() []providers.Field {
	configurations := providers.Field{
		Key: "image_gen", Label: "Pictures", Kind: providers.List, Min: 1, Max: maxConfigurations, Soft: true, Required: true,
		Help:  "What to generate with the trained model, one group of values for each set of pictures.",
		Items: pictureFields(),
	}
	return slices.Concat([]providers.Field{configurations}, trainingFields(), requestFields())
}

func advanced(field providers.Field) providers.Field {
	field.Advanced = true
	return field
}

func values(known ...string) []providers.Option {
	options := make([]providers.Option, len(known))
	for i, value := range known {
		options[i] = providers.Option{Value: value}
	}
	return options
}
