// Ids as Maquette shows them, in place of which services know their own.

package providers

import (
	"slices"
	"strings"
)

// remoteKinds are the kinds of things that are shown with their kind before
// their id: "dataset/12".
var remoteKinds = []string{"project", "dataset", "image", "model"}

// OwnID is a service's own id of a thing in any form in which Maquette shows it:
// "bria:105", "dataset/12", "bria:dataset/12". kind is one of remoteKinds, "" for a
// thing that is shown without. refused says what else it is the id of: of a
// thing at another service, or of another kind.
func (all Services) OwnID(service, kind, shown string) (own string, refused Sentence) {
	own = strings.TrimSpace(shown)
	if prefix, rest, found := strings.Cut(own, ":"); found {
		switch named, known := all.Service(strings.ToLower(prefix)); {
		case known && named.ID != service:
			return "", Say("%s is at another service (%s)", own, named.Title)
		case known:
			own = rest
		}
	}
	if prefix, rest, found := strings.Cut(own, "/"); found && kind != "" && slices.Contains(remoteKinds, prefix) {
		if prefix != kind {
			return "", Say("%s is the id of a %s, and a %s is asked for", own, prefix, kind)
		}
		own = rest
	}
	if own == "" {
		return "", Say("%s names nothing", strings.TrimSpace(shown))
	}
	return own, Sentence{}
}

// OwnIDs puts the service's own ids in the place of those that Maquette shows,
// in fields that take one, those of lists included, and says which are of
// something else. all are the services there are.
func OwnIDs(service string, all Services, fields []Field, values Values) (Values, []Problem) {
	own, problems := values.Clone(), []Problem(nil)
	for _, f := range fields {
		if !values.Has(f.Key) {
			continue
		}
		if items, list := values[f.Key].([]Values); list {
			inside := make([]Values, len(items))
			for i, item := range items {
				var wrong []Problem
				inside[i], wrong = OwnIDs(service, all, f.Items, item)
				problems = append(problems, inList(f.Key, i, wrong)...)
			}
			own[f.Key] = inside
		}
		if f.Kind != Trained && !f.Remote || values.Text(f.Key) == "" {
			continue
		}
		id, refused := all.OwnID(service, f.remoteKind(), values.Text(f.Key))
		if !refused.IsZero() {
			problems = append(problems, Problem{f.Key, refused})
			continue
		}
		own[f.Key] = id
	}
	return own, problems
}

// remoteKind is the kind of thing that the field takes the id of.
func (f Field) remoteKind() string {
	if kind, ok := strings.CutSuffix(f.Key, "_id"); ok && slices.Contains(remoteKinds, kind) {
		return kind
	}
	return ""
}
