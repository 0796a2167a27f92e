// What docs/security.md says is proved by tests, which it names.

package main_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestWhatProvesSecurityIsThere(t *testing.T) {
	var tests strings.Builder
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			tests.WriteString(readFile(t, file))
		}
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(readFile(t, "docs/security.md"), -1)
	if len(named) == 0 {
		t.Error("no test is named")
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "\nfunc "+name[1]+"(") {
			t.Errorf("there is no test %s", name[1])
		}
	}
}
