package cli_test

import (
	"testing"
	"time"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/storage"
)

func TestABusyDataDirectoryIsSaidOrWaitedFor(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	sh.run("jobs", "list").want(cli.ExitDone)
	db, err := storage.Open(storage.LayoutAt(sh.data).DB)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"jobs", "list"},
		{"images", "list", "--json"},
		{"call", "luma/ping"},
		{"run", "luma/image", "--set", "prompt=a fox"},
	} {
		sh.run(args...).want(cli.ExitBusy).says("Nothing was sent", "--wait")
	}
	sh.wantSubmissions(0)
	time.AfterFunc(300*time.Millisecond, func() { _ = db.Close() })
	sh.run("run", "luma/image", "--set", "prompt=a fox", "--wait").want(cli.ExitDone)
	sh.wantSubmissions(1)
}
