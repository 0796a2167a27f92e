// An answer that is kept as the service wrote it.

package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Object is a JSON object as the service wrote it.
type Object struct{ json.RawMessage }

// UnmarshalJSON refuses anything but an object.
func (o *Object) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("{")) {
		return errors.New("it is no object")
	}
	return o.RawMessage.UnmarshalJSON(data)
}
