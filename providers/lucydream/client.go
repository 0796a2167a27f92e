// The calls to LucyDream's HTTP API.

package lucydream

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

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
//
// LucyDream answers 500 to a photo that it can't fetch ("Failed to fetch image
// 1"), by which it has probably made nothing. That stays an unknown outcome,
// as any 5xx: the document doesn't say at what point it fetches or charges,
// and a wrong guess would be paid twice.
func (c client) create(ctx context.Context, body creation) (tune, error) {
	var answer tune
	err := c.api.Post(httpapi.Doing(ctx, "starting a training"), "apiservices/v1/generate", body, &answer)
	return answer, err
}

// parameterFields are the parameters as errors name them and the fields they
// come from.
var parameterFields = []struct{ parameter, field string }{
	{"tune.title", "title"},
	{"tune.name", "name"},
	{"tune.image_urls", "photos"},
}

// fieldOf finds the parameter in "The tune.image_urls parameter must …".
func fieldOf(body []byte) string {
	var answer struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return ""
	}
	for _, known := range parameterFields {
		if strings.Contains(answer.Error, known.parameter) {
			return known.field
		}
	}
	return ""
}
