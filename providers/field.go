package providers

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// FieldKind is what a field holds; each has one widget, one command line
// spelling and one JSON type.
type FieldKind string

// The kinds of field, with the Go type a Values holds for them.
const (
	Prompt  FieldKind = "prompt" // string, several lines
	Text    FieldKind = "text"   // string
	Choice  FieldKind = "choice" // string, one of Choices; free text too when Open
	Int     FieldKind = "int"    // int64
	Float   FieldKind = "float"  // float64
	Bool    FieldKind = "bool"   // bool
	Seed    FieldKind = "seed"   // int64, -1 or unset for random
	Image   FieldKind = "image"  // string: library id or https URL (a local path before the job is made)
	Trained FieldKind = "model"  // string: id of a model in Maquette, or the service's own id
	List    FieldKind = "list"   // []Values, each with Items' keys
)

// Option is one choice.
type Option struct {
	Value string
	Label string // empty means Value
}

// Condition shows a field only while another field holds one of the values;
// an empty list means: while it is set at all.
type Condition struct {
	Key string
	In  []string
}

// Listing is a call of the field's own service, made without values, whose
// answer is a list of objects: what a person may choose from.
type Listing struct {
	Call  string // "bria/projects"
	Value string // the member that the field takes, such as "id"
	Title string // the member that a person knows it by
}

// Field is one parameter of a task or call.
type Field struct {
	Key   string // the service's own name for it
	Label string
	Help  string
	Kind  FieldKind

	Default any // of the kind's type; nil leaves the field out of the request
	// Min and Max bound numbers (inclusive), the number of characters of texts
	// and the number of items of lists. Equal means unbounded.
	Min, Max float64
	// Soft says that no document sets Min and Max: they are what is known to
	// work, and what lies outside is told and sent. See Unusual.
	Soft     bool
	Step     float64 // what one click changes; 0 means 1 for int, 0.05 for float
	Options  []Option
	Open     bool // Options are suggestions; anything else is allowed too
	Required bool
	Advanced bool
	When     *Condition
	Items    []Field  // of a list
	Listed   *Listing // where the values that there are can be read; nil where they can't
	Local    bool     // Maquette's own; never sent to the service
	Remote   bool     // a text that is the service's own id of something
	// Emptied says that an empty text is a value of its own, which takes away
	// what is there; elsewhere it is a field left out.
	Emptied bool
}

// Problem is one reason why values can't be sent.
type Problem struct {
	Field   string   `json:"field"` // "image_ref[1].weight"; empty when it isn't one field's
	Message Sentence `json:"message"`
}

// Error makes a Problem usable as an error.
func (p Problem) Error() string { return p.Sentence().String() }

// Sentence is what Error says.
func (p Problem) Sentence() Sentence {
	if p.Field == "" {
		return p.Message
	}
	return Say("%s: %s", p.Field, p.Message)
}

// Bounded reports whether Min and Max mean anything.
func (f Field) Bounded() bool { return f.Max > f.Min }

// Limits says the field's range; nothing where it has none.
func (f Field) Limits() Sentence {
	if !f.Bounded() {
		return Sentence{}
	}
	switch {
	case f.Soft && f.Kind == List:
		return Say("usually up to %s", number(f.Max))
	case f.Soft:
		return Say("usually %s to %s", number(f.Min), number(f.Max))
	}
	switch f.Kind {
	case Prompt, Text:
		return Say("%s to %s characters", number(f.Min), number(f.Max))
	case List:
		return Say("up to %s", number(f.Max))
	default:
		return Say("%s to %s", number(f.Min), number(f.Max))
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Shown reports whether the field applies, given the other values.
func (f Field) Shown(v Values) bool {
	if f.When == nil {
		return true
	}
	other, set := v[f.When.Key]
	if !set || other == "" {
		return false
	}
	return len(f.When.In) == 0 || slices.Contains(f.When.In, fmt.Sprint(other))
}

// words say when the condition holds.
func (c Condition) words() Sentence {
	if len(c.In) == 0 {
		return Say("applies only together with %s", c.Key)
	}
	values := Plain(c.In[0])
	for _, value := range c.In[1:] {
		values = Say("%s or %s", values, value)
	}
	return Say("applies only when %s is %s", c.Key, values)
}

// Parse turns what a person, a script or a file gave into Values: texts are
// read as the field's kind, absent fields take their default, empty ones are
// left out unless they may be emptied, documented ranges are checked. Unknown keys are problems, and so are values
// for fields that the others rule out. What could be read stands in the values
// beside any problems, the items of lists included.
func Parse(fields []Field, raw map[string]any) (Values, []Problem) {
	values := Values{}
	var problems []Problem
	for _, field := range fields {
		given, set := raw[field.Key]
		if !set || given == nil || given == "" && !field.Emptied {
			if field.Default != nil && (given != "" || !field.isRequiredText()) {
				values[field.Key] = field.Default
			}
			continue
		}
		value, found := field.Read(given)
		problems = append(problems, found...)
		if items, list := value.([]Values); list && len(items) == 0 {
			continue // an empty list is a field left out
		}
		if value != nil {
			values[field.Key] = value
		}
	}
	for key := range raw {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Key == key }) {
			problems = append(problems, Problem{key, Say("there is no such field; known are %s", keys(fields))})
		}
	}
	for _, field := range fields {
		if _, set := values[field.Key]; !field.Shown(values) {
			delete(values, field.Key)
			if given := raw[field.Key]; given != nil && given != "" && !hasProblem(problems, field.Key) {
				problems = append(problems, Problem{field.Key, field.When.words()})
			}
		} else if field.Required && !set && !hasProblem(problems, field.Key) {
			problems = append(problems, Problem{field.Key, Say("is required")})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Field, b.Field) })
	return values, problems
}

// Validate parses the values and applies the rules that span fields.
func (t *Task) Validate(raw map[string]any) (Values, []Problem) {
	values, problems := Parse(t.Fields, raw)
	if t.Check != nil && len(problems) == 0 {
		problems = t.Check(values)
	}
	return values, problems
}

func hasProblem(problems []Problem, key string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool {
		return p.Field == key || strings.HasPrefix(p.Field, key+"[")
	})
}

func keys(fields []Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Key
	}
	return strings.Join(names, ", ")
}

// Read turns what was given for this field alone into its kind, and says what is wrong with it: the value is nil then, but
// for a list with what could be read of its items. That the field applies, or is required, is Parse's to say.
func (f Field) Read(given any) (any, []Problem) {
	if f.Kind == List {
		return f.readList(given)
	}
	value, err := f.scalar(given)
	if err != nil {
		return nil, []Problem{{f.Key, SentenceOf(err)}}
	}
	return value, nil
}

func (f Field) scalar(given any) (any, error) {
	switch f.Kind {
	case Int, Seed:
		n, err := toInt(given)
		if err != nil {
			return nil, err
		}
		return n, f.within(float64(n))
	case Float:
		x, err := toFloat(given)
		if err != nil {
			return nil, err
		}
		return x, f.within(x)
	case Bool:
		return toBool(given)
	}
	text, ok := given.(string)
	if !ok {
		return nil, Errorf("must be text")
	}
	if !utf8.ValidString(text) {
		return nil, Errorf("must be text in UTF-8")
	}
	if f.Kind == Choice && !f.Open {
		return text, f.offered(text)
	}
	if text != "" && Blank(text) {
		return nil, Errorf("holds nothing that can be seen, only spaces or the like")
	}
	if (f.Kind == Prompt || f.Kind == Text) && text != "" {
		return text, f.within(float64(utf8.RuneCountInString(text)))
	}
	return text, nil
}

func (f Field) within(n float64) error {
	switch {
	case f.Soft || !f.outside(n):
		return nil
	case f.Kind == Prompt || f.Kind == Text:
		return Errorf("must be %s to %s characters, not %s", number(f.Min), number(f.Max), number(n))
	}
	return Errorf("must be %s to %s, not %s", number(f.Min), number(f.Max), number(n))
}

func (f Field) offered(text string) error {
	names := make([]string, len(f.Options))
	for i, o := range f.Options {
		names[i] = o.Value
	}
	if slices.Contains(names, text) {
		return nil
	}
	return Errorf("must be one of %s, not %q", strings.Join(names, ", "), text)
}

func (f Field) readList(given any) (any, []Problem) {
	items, err := toList(given)
	if err != nil {
		return nil, []Problem{{f.Key, SentenceOf(err)}}
	}
	if !f.Soft && f.Max > 0 && len(items) > int(f.Max) {
		return nil, []Problem{{f.Key, Say("takes at most %s, not %d", number(f.Max), len(items))}}
	}
	if !f.Soft && len(items) < int(f.Min) {
		return nil, []Problem{{f.Key, Say("takes at least %s, not %d", number(f.Min), len(items))}}
	}
	var out []Values
	var problems []Problem
	for i, item := range items {
		values, found := Parse(f.Items, item)
		for _, p := range found {
			problems = append(problems, Problem{fmt.Sprintf("%s[%d].%s", f.Key, i, p.Field), p.Message})
		}
		out = append(out, values)
	}
	return out, problems
}

func toInt(given any) (int64, error) {
	switch n := given.(type) {
	case int:
		return int64(n), nil
	case int64:
		return n, nil
	case float64:
		if n != math.Trunc(n) || math.Abs(n) > 1<<53 {
			return 0, Errorf("must be a whole number, not %v", n)
		}
		return int64(n), nil
	case json.Number:
		return toInt(string(n))
	case string:
		v, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
		if err != nil {
			return 0, Errorf("must be a whole number, not %q", n)
		}
		return v, nil
	}
	return 0, Errorf("must be a whole number")
}

func toFloat(given any) (float64, error) {
	switch n := given.(type) {
	case int:
		return float64(n), nil
	case int64:
		return float64(n), nil
	case float64:
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return 0, Errorf("must be a number, not %v", n)
		}
		return n, nil
	case json.Number:
		return toFloat(string(n))
	case string:
		v, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, Errorf("must be a number, not %q", n)
		}
		return v, nil
	}
	return 0, Errorf("must be a number")
}

func toBool(given any) (bool, error) {
	switch b := given.(type) {
	case bool:
		return b, nil
	case string:
		switch strings.ToLower(strings.TrimSpace(b)) {
		case "true", "yes", "on", "1":
			return true, nil
		case "false", "no", "off", "0":
			return false, nil
		}
	}
	return false, Errorf("must be true or false")
}

func toList(given any) ([]map[string]any, error) {
	switch list := given.(type) {
	case string:
		var items []map[string]any
		if err := json.Unmarshal([]byte(list), &items); err != nil {
			return nil, Errorf(`must be a JSON list of objects, such as [{"image":"a.jpg"}]`)
		}
		return items, nil
	case []Values:
		items := make([]map[string]any, len(list))
		for i := range list {
			items[i] = list[i]
		}
		return items, nil
	case []map[string]any:
		return list, nil
	case []any:
		items := make([]map[string]any, len(list))
		for i := range list {
			item, ok := list[i].(map[string]any)
			if !ok {
				return nil, Errorf("item %d must be an object", i)
			}
			items[i] = item
		}
		return items, nil
	}
	return nil, Errorf("must be a list")
}
