// The fields of Luma's tasks.

package luma

import "github.com/maquette-studio/maquette/providers"

// furthest is how far reframe's numbers usually go, in pixels: none is
// documented.
const furthest = 100_000

func imageFields() []providers.Field {
	prompt := promptField("What the picture shows. With a picture to modify: what to change in it.")
	prompt.Required = true
	return []providers.Field{
		prompt,
		modelField(),
		aspectRatioField("The shape of the picture."),
		{
			Key: "image_ref", Label: "Picture references", Kind: providers.List, Max: 4,
			Help:  "Up to 4 pictures that guide the picture: for variations, or for what is easier shown than said.",
			Items: []providers.Field{imageField("A picture to be guided by."), weightField(0.85, "How strongly the picture guides the picture.")},
		},
		{
			Key: "style_ref", Label: "Style reference", Kind: providers.List, Max: 1,
			Help:  "A picture whose style the picture takes on.",
			Items: []providers.Field{imageField("A picture in the style you want."), weightField(0.8, "How strongly the style is taken on.")},
		},
		{
			Key: "character_ref", Label: "Character reference", Kind: providers.List, Max: 4,
			Help:  "Up to 4 pictures of the same person, who then appears in the picture. More pictures make a better likeness.",
			Items: []providers.Field{imageField("A picture of the person.")},
		},
		{
			Key: "modify_image_ref", Label: "Modify picture", Kind: providers.List, Max: 1,
			Help: "A picture to change as the prompt says.",
			Items: []providers.Field{
				imageField("The picture to change."),
				weightField(1, "Higher stays closer to the picture, lower is freer. To change colours, use 0.0 to 0.1."),
			},
		},
		formatField(),
		{
			Key: "count", Label: "Pictures", Kind: providers.Int, Default: int64(1), Min: 1, Max: 50, Soft: true, Local: true,
			Help: "How many pictures to make. Luma makes one at a time: a batch of N is N generations, each paid.",
		},
		callbackField(),
	}
}

func reframeFields() []providers.Field {
	media := imageField("The picture to bring into another aspect ratio.")
	media.Key, media.Label = "media", "Picture"
	ratio := aspectRatioField("The shape to bring the picture into.")
	ratio.Required = true
	return []providers.Field{
		promptField("What lies beyond the picture's edges; empty lets Luma decide."),
		media,
		ratio,
		modelField(),
		formatField(),
		pixelField("grid_position_x", "Position x", "Where the picture's left edge lies in the new frame, in pixels."),
		pixelField("grid_position_y", "Position y", "Where the picture's top edge lies in the new frame, in pixels."),
		pixelField("x_start", "Crop left", "The left bound of the picture in the new frame, in pixels."),
		pixelField("x_end", "Crop right", "The right bound of the picture in the new frame, in pixels."),
		pixelField("y_start", "Crop top", "The upper bound of the picture in the new frame, in pixels."),
		pixelField("y_end", "Crop bottom", "The lower bound of the picture in the new frame, in pixels."),
		sizeField("resized_width", "Resized width", "The width that the picture is brought to first, in pixels."),
		sizeField("resized_height", "Resized height", "The height that the picture is brought to first, in pixels."),
		callbackField(),
	}
}

func promptField(help string) providers.Field {
	return providers.Field{Key: "prompt", Label: "Prompt", Kind: providers.Prompt, Min: 3, Max: 5000, Help: help}
}

func modelField() providers.Field {
	return providers.Field{
		Key: "model", Label: "Model", Kind: providers.Choice, Default: "photon-1", Options: options("photon-1", "photon-flash-1"),
		Help: "photon-1 gives the better pictures, photon-flash-1 is faster and cheaper.",
	}
}

func aspectRatioField(help string) providers.Field {
	return providers.Field{
		Key: "aspect_ratio", Label: "Aspect ratio", Kind: providers.Choice, Default: "16:9", Help: help,
		Options: options("1:1", "3:4", "4:3", "9:16", "16:9", "9:21", "21:9"),
	}
}

func formatField() providers.Field {
	return providers.Field{
		Key: "format", Label: "Format", Kind: providers.Choice, Default: "jpg", Options: options("jpg", "png"), Advanced: true,
		Help: "The picture's file format.",
	}
}

func imageField(help string) providers.Field {
	return providers.Field{Key: "image", Label: "Picture", Kind: providers.Image, Required: true, Help: help}
}

func weightField(standard float64, help string) providers.Field {
	return providers.Field{Key: "weight", Label: "Influence", Kind: providers.Float, Default: standard, Min: 0, Max: 1, Soft: true, Step: 0.05, Help: help}
}

func pixelField(key, label, help string) providers.Field {
	return providers.Field{Key: key, Label: label, Kind: providers.Int, Min: 0, Max: furthest, Soft: true, Advanced: true, Help: help}
}

func sizeField(key, label, help string) providers.Field {
	field := pixelField(key, label, help)
	field.Min = 1
	return field
}

func callbackField() providers.Field {
	return providers.Field{
		Key: "callback_url", Label: "Callback address", Kind: providers.Text, Advanced: true,
		Help: "An address of your own server that Luma tells of each change. It takes the place of Maquette's own callbacks for this job.",
	}
}

func options(values ...string) []providers.Option {
	out := make([]providers.Option, len(values))
	for i, value := range values {
		out[i] = providers.Option{Value: value}
	}
	return out
}
