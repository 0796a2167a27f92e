// Comparing answers with the examples in the services' documents, kept in testdata.

package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func documented(t *testing.T, name string) object {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// sameKeys compares the keys of all objects, down to where either side is null.
func sameKeys(t *testing.T, at string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case object:
		got, ok := got.(object)
		if !ok {
			return
		}
		a, b := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))
		if !slices.Equal(a, b) {
			t.Errorf("%s: documented keys %v, got %v", at, a, b)
			return
		}
		for key := range want {
			sameKeys(t, at+"/"+key, want[key], got[key])
		}
	case []any:
		got, ok := got.([]any)
		if !ok || len(want) == 0 {
			return
		}
		for i, item := range got {
			sameKeys(t, fmt.Sprintf("%s/%d", at, i), want[0], item)
		}
	}
}

// wantProblem fails the test unless the answer's detail lists a problem of FastAPI's shape with the field at its end.
func wantProblem(t *testing.T, r reply, field string) {
	t.Helper()
	details, _ := r.object(t)["detail"].([]any)
	for _, d := range details {
		problem, _ := d.(object)
		loc, _ := problem["loc"].([]any)
		if len(loc) == 0 || loc[0] != "body" || problem["msg"] == nil || problem["type"] == nil {
			t.Errorf("not FastAPI's shape: %v", d)
			continue
		}
		if slices.Contains(loc, any(field)) {
			return
		}
	}
	t.Errorf("no problem names %s: %s", field, r.body)
}
