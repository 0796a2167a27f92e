package filedialog

import "testing"

func TestFiltersAreWrittenAsThePortalReadsThem(t *testing.T) {
	set := options("token", Request{Filter: "Pictures", Extensions: []string{".jpg"}})
	if got := set["filters"].Signature().String(); got != "a(sa(us))" {
		t.Errorf("filters are of the type %s", got)
	}
}
