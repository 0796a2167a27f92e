// The calls to Luma's HTTP API.

package luma

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

type client struct{ api *httpapi.Client }

func newClient(conn providers.Conn) client {
	return client{httpapi.New(httpapi.Options{Service: "Luma", Conn: conn})}
}

func (c client) ping(ctx context.Context) (map[string]any, error) {
	return c.describe(ctx, "asking whether it answers", "ping", nil)
}

func (c client) credits(ctx context.Context) (balance, error) {
	var answer balance
	if err := c.api.Get(httpapi.Doing(ctx, "reading the balance"), "credits", nil, &answer); err != nil {
		return balance{}, err
	}
	answer.USD = *answer.Cents / 100
	return answer, nil
}

// create makes the paid request.
func (c client) create(ctx context.Context, path string, body any) (generation, error) {
	var answer generation
	err := c.api.Post(httpapi.Doing(ctx, "starting a picture"), path, body, &answer)
	return answer, err
}

func (c client) generation(ctx context.Context, id string) (generation, error) {
	var answer generation
	path, err := generationPath(id)
	if err != nil {
		return answer, err
	}
	err = c.api.Get(httpapi.Doing(ctx, "reading a picture's state"), path, nil, &answer)
	return answer, err
}

// list reads a part of the list, which was seen newest first; Luma doesn't
// promise the order.
func (c client) list(ctx context.Context, limit, offset int) (page, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)}}
	var answer page
	err := c.api.Get(httpapi.Doing(ctx, "listing generations"), "generations", query, &answer)
	return answer, err
}

func (c client) remove(ctx context.Context, id string) error {
	path, err := generationPath(id)
	if err != nil {
		return err
	}
	return c.api.Delete(httpapi.Doing(ctx, "deleting a generation"), path, nil, nil)
}

// describe reads any object as it comes.
func (c client) describe(ctx context.Context, doing, path string, query url.Values) (map[string]any, error) {
	var answer map[string]any
	err := c.api.Get(httpapi.Doing(ctx, doing), path, query, &answer)
	return answer, err
}

// generationPath refuses an id that would lead to another address.
func generationPath(id string) (string, error) {
	id = strings.TrimSpace(id)
	if id == "" || strings.Trim(id, ".") == "" || strings.ContainsAny(id, "/\\?#%") {
		return "", &providers.Failure{
			Kind: providers.InvalidInput, Field: "id", Outcome: providers.NotSent,
			Message: providers.Say("That is not the id of a Luma generation"),
			Advice:  providers.Say("Copy the id from the list of generations."),
		}
	}
	return "generations/" + url.PathEscape(id), nil
}
