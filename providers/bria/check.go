// The rules that span fields, each at its field.

package bria

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

// The documented limits of an IP's texts.
const (
	nameWords        = 3
	descriptionWords = 6
)

// photographed are the IP types that photographs may be of.
var photographed = []string{definedCharacter, "stylized_scene", "other"}

func problem(field, english string, args ...any) []providers.Problem {
	return []providers.Problem{{Field: field, Message: providers.Say(english, args...)}}
}

func checkTraining(v providers.Values) []providers.Problem {
	problems := slices.Concat(
		checkID(v, "project_id"), checkID(v, "dataset_id"),
		checkFilled(v, "model_name", "project_name", "dataset_name", "caption_prefix"),
		checkProject(v),
	)
	if v.Text("ip_medium") == photography {
		problems = append(problems, checkVersion(v.Text("training_version"), photography)...)
	}
	return problems
}

// checkProject holds a new project to the rules among its type, medium and texts.
func checkProject(v providers.Values) []providers.Problem {
	problems := slices.Concat(checkWords(v, "ip_name", nameWords), checkWords(v, "ip_description", descriptionWords))
	kind := v.Text("ip_type")
	if v.Text("ip_medium") == photography && !slices.Contains(photographed, kind) {
		problems = append(problems, problem("ip_type", "%s takes illustrations only; photography takes %s", kind, strings.Join(photographed, ", "))...)
	}
	return problems
}

// checkVersion holds a training to what its version can do.
func checkVersion(version, medium string) []providers.Problem {
	if version == versionMax && strings.EqualFold(medium, photography) {
		return problem("training_version", "max is not available for photography; choose light")
	}
	return nil
}

func checkWords(v providers.Values, key string, most int) []providers.Problem {
	words := len(strings.Fields(v.Text(key)))
	switch {
	case !v.Has(key):
		return nil
	case words == 0:
		return problem(key, "is required")
	case words > most:
		return problem(key, "takes at most %d words, not %d", most, words)
	}
	return nil
}

func checkFilled(v providers.Values, keys ...string) []providers.Problem {
	for _, key := range keys {
		if v.Has(key) && providers.Blank(v.Text(key)) {
			return problem(key, "holds nothing but spaces")
		}
	}
	return nil
}

var wholeNumber = regexp.MustCompile(`^[0-9]{1,18}$`)

// checkID holds an id to digits, so that it leads to no other address.
func checkID(v providers.Values, key string) []providers.Problem {
	if v.Has(key) && !wholeNumber.MatchString(strings.TrimSpace(v.Text(key))) {
		return problem(key, "must be a number, as the list shows it")
	}
	return nil
}

// idOf is an id as Bria's requests hold it; checkID has accepted it.
func idOf(v providers.Values, key string) json.Number {
	return json.Number(strings.TrimSpace(v.Text(key)))
}

func checkText(v providers.Values) []providers.Problem {
	problems := append(checkCommon(v), checkSpeed(v)...)
	if guided(v) && v.Int("num_results") != 1 {
		problems = append(problems, problem("num_results", "must be 1 with guidance pictures or a picture prompt")...)
	}
	for i, item := range v.List("image_prompt_urls") {
		problems = append(problems, checkLink(fmt.Sprintf("image_prompt_urls[%d].url", i), item.Text("url"))...)
	}
	return problems
}

func checkReimagine(v providers.Values) []providers.Problem {
	problems := checkCommon(v)
	switch file, link := v.Text("structure_image_file"), v.Text("structure_image_url"); {
	case file == "" && link == "":
		problems = append(problems, problem("structure_image_file", "is required, or a link to a picture")...)
	case file != "" && link != "":
		problems = append(problems, problem("structure_image_url", "takes the picture's place: give one of them")...)
	case link != "":
		problems = append(problems, checkLink("structure_image_url", link)...)
	}
	return problems
}

func checkCommon(v providers.Values) []providers.Problem {
	problems := checkPrompt(v.Text("prompt"))
	if !plainID.MatchString(v.Text("model_id")) {
		problems = append(problems, problem("model_id", "is not the id of a model at Bria")...)
	}
	return problems
}

// checkSpeed holds pictures and steps to what the documents of text to image
// and text to vector say of fast; reimagine's says nothing.
func checkSpeed(v providers.Values) (problems []providers.Problem) {
	fast := v.Bool("fast")
	if !fast && v.Int("num_results") > 2 && !guided(v) {
		problems = append(problems, problem("num_results", "must be 1 or 2 without fast")...)
	}
	switch steps := v.Int("steps_num"); {
	case !v.Has("steps_num"):
	case fast && (steps < 4 || steps > 20):
		problems = append(problems, problem("steps_num", "must be 4 to 20 with fast, not %d", steps)...)
	case !fast && (steps < 20 || steps > 50):
		problems = append(problems, problem("steps_num", "must be 20 to 50 without fast, not %d", steps)...)
	}
	return problems
}

// checkPrompt holds a prompt to English without special characters: letters
// of other scripts, control characters and pictograms.
func checkPrompt(prompt string) []providers.Problem {
	if providers.Blank(prompt) {
		return problem("prompt", "is required")
	}
	for _, r := range prompt {
		switch {
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			return problem("prompt", "must be English; Bria doesn't take %q", r)
		case unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r):
			return problem("prompt", "must be without control characters such as %q", r)
		case unicode.Is(unicode.So, r):
			return problem("prompt", "must be without special characters such as %q", r)
		}
	}
	return nil
}

// checkLink holds a link to what is fetched at all: without a password, and by
// http from this computer only, as from the sandbox.
func checkLink(field, link string) []providers.Problem {
	u, err := url.Parse(link)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return problem(field, "must be a link such as https://example.com/picture.jpg")
	case u.User != nil:
		return problem(field, "must be a link without a user name or password")
	case u.Scheme == "http" && !httpapi.IsLocal(providers.Conn{BaseURL: link}):
		return problem(field, "must begin with https://")
	}
	return nil
}

// guided reports whether a picture guides the generation.
func guided(v providers.Values) bool {
	return len(v.List("guidance")) > 0 || prompted(v)
}

// prompted reports whether there is an image prompt.
func prompted(v providers.Values) bool {
	return v.Text("image_prompt_file") != "" || len(v.List("image_prompt_urls")) > 0
}

// checkTextModel holds a generation to what a Max model can do.
func checkTextModel(v providers.Values, m providers.Model) []providers.Problem {
	if m.Type != tailored+versionMax {
		return nil
	}
	problems := checkFast(v)
	switch {
	case len(v.List("guidance")) > 0:
		problems = append(problems, problem("guidance", "can't be used with a model trained with max")...)
	case v.Text("image_prompt_file") != "":
		problems = append(problems, problem("image_prompt_file", "can't be used with a model trained with max")...)
	case prompted(v):
		problems = append(problems, problem("image_prompt_urls", "can't be used with a model trained with max")...)
	}
	return problems
}

// checkReimagineModel: structure references are the light version's.
func checkReimagineModel(_ providers.Values, m providers.Model) []providers.Problem {
	if m.Type != tailored+versionMax {
		return nil
	}
	return problem("model_id", "was trained with max; only light models can follow a picture's structure")
}

func checkFast(v providers.Values) []providers.Problem {
	if v.Bool("fast") {
		return problem("fast", "must be off: the model was trained with max, which can't generate fast")
	}
	return nil
}
