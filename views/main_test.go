// No test leaves a goroutine or a demo's folder behind.

package views

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if demoFilled != "" {
			_ = os.RemoveAll(demoFilled)
		}
		os.Exit(code)
	}))
}
