// The images that the account has, whoever asked for them.

package luma

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/maquette-studio/maquette/providers"
)

// known lists the images that are there or on their way; videos and what
// failed are left out.
func known(ctx context.Context, conn providers.Conn) ([]providers.Remote, error) {
	c := newClient(conn)
	var all []providers.Remote
	seen := map[string]bool{}
	for range listPages {
		listed, err := c.list(ctx, listPage, len(seen))
		if err != nil {
			return nil, err
		}
		before := len(seen)
		for _, raw := range listed.Generations {
			var g generation
			if json.Unmarshal(raw, &g) != nil || g.ID == "" || seen[g.ID] {
				continue
			}
			seen[g.ID] = true
			if remote, ok := remoteOf(g); ok {
				all = append(all, remote)
			}
		}
		if len(seen) == before || listed.HasMore != nil && !*listed.HasMore {
			break
		}
	}
	return all, nil
}

// remoteOf is the generation as a job; not ok for what no task here makes.
func remoteOf(g generation) (providers.Remote, bool) {
	remote := providers.Remote{
		Task: "luma/image", ID: g.ID, Title: g.asked("prompt"), Time: g.created(),
		State: providers.Waiting, Step: "create/1", Values: valuesOf(g),
	}
	switch {
	case g.is("failed") || g.is("completed") && g.Assets.Image == "":
		return remote, false
	case g.is("completed"):
		remote.State = providers.Done
	case g.is("dreaming"):
		remote.State = providers.Running
	}
	kind := kindOf(g)
	if kind == reframeKind {
		remote.Task = "luma/reframe"
	}
	return remote, kind == imageKind || kind == reframeKind
}

const (
	imageKind   = "image"
	reframeKind = "reframe_image"
)

// kindOf is what the generation is, by the most telling of what is said: a
// reframed picture may be called an image too. Where nothing is said, it goes
// by the results and the model.
func kindOf(g generation) string {
	kind := ""
	for _, told := range []string{g.asked("generation_type"), g.asked("type"), g.GenerationType, g.Type} {
		if told = strings.ToLower(told); told != "" && (kind == "" || kind == imageKind) {
			kind = told
		}
	}
	_, reframes := g.Request["media"].(map[string]any)
	drawn := strings.HasPrefix(strings.ToLower(g.asked("model")), "photon") || strings.HasPrefix(strings.ToLower(g.Model), "photon")
	switch {
	case kind != "" || g.Assets.Video != "" || g.Assets.Image == "" && !drawn:
		return kind
	case reframes:
		return reframeKind
	}
	return imageKind
}

// valuesOf reads a request back into the values of its task's form. Where it
// called back to was meant for that one request.
func valuesOf(g generation) providers.Values {
	values := providers.Values{}
	for _, field := range append(imageFields(), reframeFields()...) {
		if field.Key == "callback_url" {
			continue
		}
		switch got := g.Request[field.Key].(type) {
		case string, float64:
			values[field.Key] = got
		case []any:
			if items := referencesOf(got); field.Kind == providers.List && len(items) > 0 {
				values[field.Key] = items
			}
		}
	}
	if one, ok := g.Request["modify_image_ref"].(map[string]any); ok {
		values["modify_image_ref"] = referencesOf([]any{one})
	}
	if media, ok := g.Request["media"].(map[string]any); ok {
		values["media"] = media["url"]
	}
	if characters, ok := g.Request["character_ref"].(map[string]any); ok {
		if identity, ok := characters["identity0"].(map[string]any); ok {
			images, _ := identity["images"].([]any)
			values["character_ref"] = referencesOf(images)
		}
	}
	return values
}

// referencesOf reads pictures, each a link or an object with a link.
func referencesOf(list []any) []any {
	var items []any
	for _, item := range list {
		switch item := item.(type) {
		case string:
			items = append(items, map[string]any{"image": item})
		case map[string]any:
			link, ok := item["url"].(string)
			if !ok {
				continue
			}
			reference := map[string]any{"image": link}
			if item["weight"] != nil {
				reference["weight"] = item["weight"]
			}
			items = append(items, reference)
		}
	}
	return items
}
