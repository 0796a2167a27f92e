package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/storage/realparts"
)

// An id that came while the disk was full would be lost with the program: that
// it is needed says more than that the command was interrupted.
func TestACommandInterruptedOverAnUnwrittenIDNeedsYou(t *testing.T) {
	sh := newShell(t)
	sh.data = realparts.SmallDisk(t, "4m")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var free func()
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			fmt.Fprint(w, `{"credit_balance":100,"generations":[],"has_more":false}`)
			return
		}
		free = realparts.Fill(t, sh.data)
		w.WriteHeader(http.StatusCreated)
		// A title that takes more room than the database has by itself.
		fmt.Fprintf(w, `{"id":"generation-17","state":"queued","request":{"prompt":%q}}`, strings.Repeat("x", 200<<10))
		time.AfterFunc(2*time.Second, cancel)
	}))
	defer service.Close()
	sh.env["MAQUETTE_LUMA_URL"], sh.env["LUMAAI_API_KEY"] = service.URL, "luma-0123456789abcdef"
	r := sh.feed(ctx, "", "run", "luma/image", "--set", "prompt=a paper fox").want(cli.ExitNeedsYou)
	r.says("accepted the request as generation-17", "--adopt generation-17")
	free()
}
