package providers

import (
	"encoding/json"
	"maps"
)

// Values are a job's parameters, as Parse made them.
type Values map[string]any

// Text returns a text, prompt, choice, image or model field, "" when unset.
func (v Values) Text(key string) string {
	text, _ := v[key].(string)
	return text
}

// Int returns an int or seed field, 0 when unset.
func (v Values) Int(key string) int64 {
	n, err := toInt(v[key])
	if err != nil {
		return 0
	}
	return n
}

// Float returns a float field, 0 when unset.
func (v Values) Float(key string) float64 {
	x, err := toFloat(v[key])
	if err != nil {
		return 0
	}
	return x
}

// Bool returns a bool field, false when unset.
func (v Values) Bool(key string) bool {
	b, _ := v[key].(bool)
	return b
}

// Has reports whether the field is set.
func (v Values) Has(key string) bool {
	_, set := v[key]
	return set
}

// List returns a list field's items.
func (v Values) List(key string) []Values {
	items, _ := v[key].([]Values)
	return items
}

// Payload returns the set fields that the service knows, ready to be encoded:
// local fields, images, models and lists are the task's own business.
func (v Values) Payload(fields []Field) map[string]any {
	out := map[string]any{}
	for _, f := range fields {
		value, set := v[f.Key]
		if !set || f.Local || f.Kind == Image || f.Kind == Trained || f.Kind == List {
			continue
		}
		out[f.Key] = value
	}
	return out
}

// Clone returns a copy that can be changed without touching v's own fields.
func (v Values) Clone() Values { return maps.Clone(v) }

// UnmarshalJSON reads values back as Parse made them, lists included, and
// keeps whole numbers whole.
func (v *Values) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	out := make(Values, len(raw))
	for key, item := range raw {
		value, err := decodeValue(item)
		if err != nil {
			return err
		}
		out[key] = value
	}
	*v = out
	return nil
}

func decodeValue(item json.RawMessage) (any, error) {
	switch item[0] {
	case '[':
		return decodeAs[[]Values](item)
	case '{':
		return decodeAs[Values](item)
	case '"':
		return decodeAs[string](item)
	case 't', 'f':
		return item[0] == 't', nil
	case 'n':
		return nil, nil
	}
	n := json.Number(item)
	if whole, err := n.Int64(); err == nil {
		return whole, nil
	}
	return n.Float64()
}

func decodeAs[T any](item json.RawMessage) (any, error) {
	var v T
	err := json.Unmarshal(item, &v)
	return v, err
}
