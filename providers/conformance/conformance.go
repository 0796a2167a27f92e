// Package conformance is the test suite that every service passes: its
// declarations hold together (Service), its requests are the documented ones
// and its answers are understood, refusals too (Contract), its client behaves
// well at servers that don't (Client), and its tasks run to the end on Steps
// that live in memory.
package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/httpapi"
)

var (
	serviceID = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	pathID    = regexp.MustCompile(`^[a-z][a-z0-9]*/[a-z0-9][a-z0-9_-]*$`)
	fieldKey  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	envName   = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// Service checks what a service declares.
func Service(t *testing.T, service providers.Service) {
	t.Helper()
	for _, fault := range faults(service) {
		t.Error(fault)
	}
}

// faults lists what is wrong with a service's declarations.
func faults(service providers.Service) []string {
	c := &checker{calls: service.Calls}
	c.service(service)
	return c.found
}

type checker struct {
	calls []providers.Call
	found []string
}

func (c *checker) want(ok bool, format string, arguments ...any) {
	if !ok {
		c.found = append(c.found, fmt.Sprintf(format, arguments...))
	}
}

func (c *checker) service(s providers.Service) {
	c.want(serviceID.MatchString(s.ID), "service id %q is not a short lower-case word", s.ID)
	c.want(s.Title != "", "service %s has no title", s.ID)
	c.page(s.ID+": site", s.Site)
	c.page(s.ID+": key page", s.KeyPage)
	c.want(envName.MatchString(s.KeyEnv), "%s: KeyEnv %q is not an environment variable's name", s.ID, s.KeyEnv)
	c.want(envName.MatchString(s.URLEnv), "%s: URLEnv %q is not an environment variable's name", s.ID, s.URLEnv)
	c.want(s.KeyEnv != s.URLEnv, "%s: KeyEnv and URLEnv are the same", s.ID)
	c.page(s.ID+": base URL", s.BaseURL)
	c.want(httpapi.CheckBaseURL(s.BaseURL) == nil && !strings.HasSuffix(s.BaseURL, "/"), "%s: base URL %q is not usable", s.ID, s.BaseURL)
	c.want(s.CheckKey != nil, "%s: CheckKey is missing", s.ID)
	c.want(len(s.Tasks) > 0, "%s has no task", s.ID)
	for _, task := range s.Tasks {
		hosts := task.Photos != nil && (task.Hosted == nil || task.Hosted(providers.Values{}))
		c.want(!hosts || len(s.Bucket.Fetches) > 0, "%s hosts photos, and %s doesn't say that it fetches any", task.ID, s.ID)
	}

	prices := map[string]bool{}
	for _, price := range s.Prices {
		c.want(strings.HasPrefix(price.Key, s.ID+"/") && !prices[price.Key], "%s: price key %q is not the service's own, or twice", s.ID, price.Key)
		c.want(price.Label != "" && price.USD > 0, "%s: price %s has no label or no amount", s.ID, price.Key)
		prices[price.Key] = true
	}
	ids := map[string]bool{}
	for _, task := range s.Tasks {
		c.id(s.ID, task.ID, ids)
		c.task(task, prices)
	}
	for _, call := range s.Calls {
		c.id(s.ID, call.ID, ids)
		c.want(call.Title != "" && call.Help != "", "%s has no title or no help", call.ID)
		c.want(call.Do != nil, "%s has no Do", call.ID)
		c.page(call.ID+": doc", call.Doc)
		c.fields(call.ID, call.Fields)
	}
}

func (c *checker) id(service, id string, seen map[string]bool) {
	c.want(pathID.MatchString(id) && strings.HasPrefix(id, service+"/"), "id %q does not begin with %q", id, service+"/")
	c.want(!seen[id], "id %q is used twice", id)
	seen[id] = true
}

func (c *checker) page(what, address string) {
	u, err := url.Parse(address)
	c.want(err == nil && u.Scheme == "https" && u.Host != "", "%s: %q is not an https address", what, address)
}

func (c *checker) task(task providers.Task, prices map[string]bool) {
	c.want(task.Title != "" && task.Help != "", "%s has no title or no help", task.ID)
	c.page(task.ID+": doc", task.Doc)
	c.want(slices.Contains([]providers.Kind{providers.Train, providers.Generate, providers.TrainAndGenerate}, task.Kind), "%s: kind %q", task.ID, task.Kind)
	c.want(task.Cancel == providers.CancelStopsWork || task.Cancel == providers.CancelStopsWaiting, "%s doesn't say what cancelling does", task.ID)
	c.want(task.Run != nil, "%s has no Run", task.ID)
	c.want(task.Kind == providers.Generate || task.Photos != nil, "%s trains without photo rules", task.ID)
	c.want(task.Kind == providers.Generate || task.Person != nil, "%s trains without saying whether on a person", task.ID)
	c.asksForConsent(task)
	if rules := task.Photos; rules != nil {
		c.want(rules.Max == 0 || rules.Min <= rules.Max, "%s: at least %d photos, at most %d", task.ID, rules.Min, rules.Max)
		c.want(rules.AdvisedMax == 0 || rules.AdvisedMin <= rules.AdvisedMax, "%s: advised photos %d to %d", task.ID, rules.AdvisedMin, rules.AdvisedMax)
		c.want(rules.Advice != "", "%s has no advice about photos", task.ID)
	}
	c.fields(task.ID, task.Fields)
	c.want(task.Kind != providers.Generate || len(task.Fields) > 0 && task.Fields[0].Kind == providers.Prompt, "%s generates, and doesn't begin with its prompt", task.ID)
	values, _ := providers.Parse(task.Fields, nil)
	c.want(task.Pictures == nil || task.Kind != providers.Train, "%s makes pictures but doesn't generate", task.ID)
	if task.Pictures != nil {
		count := task.Pictures(values)
		c.want(count >= 0 && count < 1000, "%s makes %d pictures with its defaults", task.ID, count)
		c.want(task.Pictures(providers.Values{}) >= 0, "%s makes fewer than no pictures without values", task.ID)
	}
	if task.Estimate == nil {
		return
	}
	for _, charge := range task.Estimate(values) {
		c.want(prices[charge.Price], "%s is charged at %q, which has no price", task.ID, charge.Price)
		c.want(charge.Count > 0, "%s is charged for %d", task.ID, charge.Count)
	}
}

// asksForConsent holds that what trains asks for consent whatever it is set to.
func (c *checker) asksForConsent(task providers.Task) {
	if task.Kind == providers.Generate || task.Person == nil {
		return
	}
	c.want(task.Person(providers.Values{}), "%s trains without consent", task.ID)
	for _, field := range task.Fields {
		for _, option := range field.Options {
			c.want(task.Person(providers.Values{field.Key: option.Value}), "%s trains without consent when %s is %s", task.ID, field.Key, option.Value)
		}
	}
}

func (c *checker) fields(where string, fields []providers.Field) {
	keys := map[string]bool{}
	for _, field := range fields {
		name := where + ": field " + field.Key
		c.want(fieldKey.MatchString(field.Key), "%s: %q is not a field's key", where, field.Key)
		c.want(!keys[field.Key], "%s is declared twice", name)
		keys[field.Key] = true
		c.field(name, field)
	}
	for _, field := range fields {
		c.want(field.When == nil || keys[field.When.Key] && field.When.Key != field.Key, "%s: field %s is shown when %v, which is no other field", where, field.Key, field.When)
	}
	c.roundTrip(where, fields)
}

// lists reports whether the listing's call can be made without values.
func (c *checker) lists(listing providers.Listing) bool {
	at := slices.IndexFunc(c.calls, func(call providers.Call) bool { return call.ID == listing.Call })
	return at >= 0 && listing.Value != "" && listing.Title != "" &&
		!slices.ContainsFunc(c.calls[at].Fields, func(f providers.Field) bool { return f.Required })
}

func (c *checker) field(name string, field providers.Field) {
	c.want(field.Label != "", "%s has no label", name)
	c.want(field.Help != "", "%s has no help", name)
	c.want(field.Max >= field.Min, "%s: minimum %v above maximum %v", name, field.Min, field.Max)
	c.want(field.Step >= 0, "%s: negative step", name)
	c.want(field.Kind != providers.Choice || len(field.Options) > 0, "%s is a choice of nothing", name)
	c.want(!field.Open || len(field.Options) > 0, "%s is open without suggestions", name)
	c.want(field.Kind != providers.List || len(field.Items) > 0, "%s is a list of nothing", name)
	c.want(field.Kind == providers.List || len(field.Items) == 0, "%s has items but is no list", name)
	c.want(field.Kind != providers.Float && field.Kind != providers.Int || field.Bounded(), "%s is a number without a range", name)
	c.want(field.Listed == nil || field.Kind == providers.Text && c.lists(*field.Listed), "%s is listed by what is no call of the service that takes no values", name)
	seen := map[string]bool{}
	for _, option := range field.Options {
		c.want(option.Value != "" && !seen[option.Value], "%s: option %q is empty or twice", name, option.Value)
		seen[option.Value] = true
	}
	if field.Kind == providers.List {
		c.fields(name, field.Items)
	}
	if field.Default == nil {
		return
	}
	c.want(rightType(field.Kind, field.Default), "%s: default %v is a %T", name, field.Default, field.Default)
	_, problems := field.Read(field.Default)
	c.want(len(problems) == 0, "%s: its own default is refused: %v", name, problems)
}

func rightType(kind providers.FieldKind, value any) bool {
	switch value.(type) {
	case string:
		return slices.Contains([]providers.FieldKind{providers.Prompt, providers.Text, providers.Choice, providers.Image, providers.Trained}, kind)
	case int64:
		return kind == providers.Int || kind == providers.Seed
	case float64:
		return kind == providers.Float
	case bool:
		return kind == providers.Bool
	case []providers.Values:
		return kind == providers.List
	}
	return false
}

// roundTrip checks that the default values come back from JSON as they were.
func (c *checker) roundTrip(where string, fields []providers.Field) {
	values, _ := providers.Parse(fields, nil)
	encoded, err := json.Marshal(values)
	if err != nil {
		c.want(false, "%s: its default values can't be written: %v", where, err)
		return
	}
	var back providers.Values
	if err := json.Unmarshal(encoded, &back); err != nil {
		c.want(false, "%s: its default values can't be read back: %v", where, err)
		return
	}
	again, err := json.Marshal(back)
	c.want(err == nil && string(again) == string(encoded), "%s: default values %s come back as %s", where, encoded, again)
	parsed, problems := providers.Parse(fields, back)
	c.want(slices.Equal(slices.Sorted(maps.Keys(parsed)), slices.Sorted(maps.Keys(values))), "%s: fields are lost on the way through JSON", where)
	for _, problem := range problems {
		c.want(problem.Message.String() == "is required", "%s: its stored defaults are refused: %v", where, problem)
	}
}
