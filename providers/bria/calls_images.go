// The calls about Bria's images.

package bria

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

func imageCalls() []providers.Call {
	images := func(v providers.Values) string { return imagesPath(idOf(v, "dataset_id")) }
	return []providers.Call{
		{
			ID: "bria/images", Title: "Pictures", Fields: []providers.Field{datasetID()},
			Help: "Lists a dataset's pictures with their captions.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[[]document](ctx, c, "listing pictures", images(v), nil)
			}),
		},
		{
			ID: "bria/image-upload", Title: "Upload picture",
			Help:   fmt.Sprintf("Adds a picture to a draft dataset, which holds %d at most. Bria captions it. Transparency turns black.", mostImages),
			Photos: uploadRules(), Person: true,
			Fields: []providers.Field{
				datasetID(),
				{Key: "file", Label: "Picture", Kind: providers.Image, Help: fmt.Sprintf("A jpeg, png or webp picture of at least %d × %d pixels, from this computer or the web.", minEdge, minEdge)},
				text("image_url", "Link", "The address of such a picture, for Bria to fetch, instead of one sent along."),
				text("image_name", "Name", "The picture's name at Bria."),
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := post[document](ctx, c, "uploading the picture", images(v), uploadBody(v))
				return answer, advised(err, uploadAdvice)
			}, checkUpload),
		},
		{
			ID: "bria/image", Title: "Picture", Fields: []providers.Field{datasetID(), imageID()},
			Help: "Reads one picture: its caption, who wrote it, and links to it.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[document](ctx, c, "reading the picture", imagePath(v), nil)
			}),
		},
		{
			ID: "bria/image-caption", Title: "Caption picture",
			Help:   "Sets a picture's caption, which goes on from the dataset's caption prefix, or takes it away.",
			Fields: []providers.Field{datasetID(), imageID(), emptied(text("caption", "Caption", "The new caption. An empty one takes away what is there."))},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := put[document](ctx, c, "setting the caption", imagePath(v), map[string]any{"caption": shownText(v, "caption")})
				return answer, advised(err, captionAdvice)
			}, something("caption")),
		},
		{
			ID: "bria/image-recaption", Title: "Caption picture again", Fields: []providers.Field{datasetID(), imageID()},
			Help:        "Has Bria write a picture's caption anew. With the same caption prefix it is always the same.",
			Consequence: "A caption written by hand is replaced.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := put[document](ctx, c, "writing the caption anew", imagePath(v), map[string]any{"regenerate_caption": true})
				return answer, advised(err, captionAdvice)
			}),
		},
		{
			ID: "bria/images-recaption", Title: "Caption all pictures again", Fields: []providers.Field{datasetID()},
			Help:        "Has Bria write all captions of a dataset anew, as a changed caption prefix needs. It takes a while: the dataset's captions_update_status says when it is done.",
			Consequence: "Captions written by hand are replaced.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				answer, err := put[document](ctx, c, "writing the captions anew", images(v), nil)
				return answer, advised(err, recaptionAdvice)
			}),
		},
		{
			ID: "bria/image-delete", Title: "Delete picture", Fields: []providers.Field{datasetID(), imageID()},
			Help:        "Removes a picture from a draft dataset.",
			Consequence: "Bria deletes the picture and its caption for good. Photos in Maquette stay.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				err := c.remove(ctx, "deleting the picture", imagePath(v))
				return removed(v, "image_id", advised(err, imageGoneAdvice))
			}),
		},
	}
}

// checkUpload holds an upload to Bria's rules for images.
func checkUpload(v providers.Values) []providers.Problem {
	file, link := v.Text("file"), v.Text("image_url")
	switch {
	case file == "" && link == "":
		return problem("file", "is required, or a link to a picture")
	case file != "" && link != "":
		return problem("image_url", "takes the picture's place: give one of them")
	case link != "":
		return checkLink("image_url", link)
	}
	content, sent := dataOf(file)
	if !sent {
		return checkLink("file", file)
	}
	config, trouble := inspect(content)
	switch {
	case !trouble.IsZero():
		return problem("file", "%s", trouble)
	case min(config.Width, config.Height) < minEdge:
		return problem("file", "has %d × %d pixels; Bria needs at least %d × %d", config.Width, config.Height, minEdge, minEdge)
	}
	return nil
}

// dataOf reads a data: URL.
func dataOf(file string) ([]byte, bool) {
	_, encoded, found := strings.Cut(file, ";base64,")
	if !found || !strings.HasPrefix(file, "data:") {
		return nil, false
	}
	content, err := base64.StdEncoding.DecodeString(encoded)
	return content, err == nil
}

func uploadBody(v providers.Values) map[string]any {
	body := some(v, "image_url", "image_name")
	switch file := v.Text("file"); {
	case strings.HasPrefix(file, "data:"):
		_, body["file"], _ = strings.Cut(file, ";base64,")
	case file != "":
		body["image_url"] = file
	}
	return body
}
