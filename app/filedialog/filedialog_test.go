package filedialog

import "testing"

func TestPathsOfURIs(t *testing.T) {
	for _, row := range []struct {
		uri, want string
		windows   bool
	}{
		{"file:///home/a/b%20c.jpg", "/home/a/b c.jpg", false},
		{"FILE://LOCALHOST/a/../b.jpg", "/b.jpg", false},
		{" file:///a%25.jpg\r", "/a%.jpg", false},
		{"file:///C:/Users/a%20b.jpg", `C:\Users\a b.jpg`, true},
		{"file://server/share/a.jpg", `\\server\share\a.jpg`, true},
		{"file://server/share/a.jpg", "", false},
		{"file:relative.jpg", "", false},
		{"file:///a%00b", "", false},
		{"https://example.com/a.jpg", "", false},
		{"/home/a.jpg", "", false},
		{"file:///%zz", "", false},
	} {
		if got, ok := pathOf(row.uri, row.windows); got != row.want || ok != (row.want != "") {
			t.Errorf("%q is %q, %v", row.uri, got, ok)
		}
	}
}
