// The calls to LucyDream's HTTP API.

package lucydream

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

type client struct{ api *httpapi.Client }

func newClient(conn providers.Conn) client {
	return client{httpapi.New(httpapi.Options{
		Service:   "LucyDream",
		Conn:      conn,
		Authorize: func(r *http.Request, key string) { r.Header.Set("X-API-Key", key) },
		FieldOf:   fieldOf,
		Judge:     judge,
		// It fetches every photo before it answers.
		WriteTimeout: 5 * time.Minute,
	})}
}

// creation is the body of the request that makes a model.
type creation struct {
	Tune parameters `json:"tune"`
}

type parameters struct {
	Title     string   `json:"title"`
	Name      string   `json:"name"`
	ImageURLs []string `json:"image_urls"`
}

// create makes the paid request.
func (c client) create(ctx context.Context, body creation) (tune, error) {
	var answer tune
	err := c.api.Post(httpapi.Doing(ctx, "starting a training"), "apiservices/v1/generate", body, &answer)
	return answer, err
}

// judge tells a 500 that is an answer, by which nothing was made, from silence.
// The document has LucyDream answer 500 {"error": "Failed to fetch image 1"}
// where it can't fetch a photo. Only this form counts: whoever stands on the way
// may use the same words, and any other 5xx leaves the outcome unknown.
func judge(f *providers.Failure, body []byte) {
	words := errorOf(body)
	if f.Status != http.StatusInternalServerError || words == "" {
		return
	}
	switch {
	case badKey.MatchString(words):
		f.Kind, f.Outcome, f.Money = providers.BadKey, providers.Refused, providers.NotSpent
		f.Message = providers.Say("LucyDream refused the key (%d)", f.Status)
		f.Advice, f.Remedy = providers.Say("Check the key."), providers.Remedy{Code: providers.OpenKeys}
	case parameter.MatchString(words):
		f.Kind, f.Outcome, f.Money = providers.InvalidInput, providers.Refused, providers.NotSpent
		f.Message = providers.Say("LucyDream refused the request (%d)", f.Status)
		f.Advice, f.Remedy = providers.Say("Change what the service names, then try again."), providers.Remedy{}
	case unfetched.MatchString(words):
		f.Kind, f.Outcome, f.Money, f.Field = providers.InvalidInput, providers.Refused, providers.NotSpent, "photos"
		f.Message = providers.Say("LucyDream could not fetch a photo, and made nothing")
		f.Advice = providers.Say("Check that the photos' links can be read from outside, then try again.")
		f.Remedy = providers.Remedy{Code: providers.CheckBucket}
	}
}

// What LucyDream says where it made nothing, whatever the status: the errors
// of its document.
var (
	unfetched = regexp.MustCompile(`(?i)^failed to fetch (the )?images?\b`)
	badKey    = regexp.MustCompile(`(?i)^(invalid|missing) api[ _-]?key\b`)
	parameter = regexp.MustCompile(`(?i)^the tune\.\w+ parameter must\b`)
)

// parameterFields are the parameters as errors name them and the fields they
// come from.
var parameterFields = []struct{ parameter, field string }{
	{"tune.title", "title"},
	{"tune.name", "name"},
	{"tune.image_urls", "photos"},
}

// fieldOf finds the parameter in "The tune.image_urls parameter must …".
func fieldOf(body []byte) string {
	words := errorOf(body)
	for _, known := range parameterFields {
		if strings.Contains(words, known.parameter) {
			return known.field
		}
	}
	return ""
}

// errorOf reads an error in its documented form, {"error": text}; "" in any
// other.
func errorOf(body []byte) string {
	var answer struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	return strings.TrimSpace(answer.Error)
}
