package cli_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/storage"
)

const signedLinkKept = `https://here.example/x.png?X-Goog-Signature=abc\u0026X-Goog-Expires=9`

func TestNoSignedLinkStaysOnceAJobIsDone(t *testing.T) {
	t.Parallel()
	sh := sandboxed(t)
	job := sh.run("run", "bria/text-to-image", "--set", "model_id=1001", "--set", "prompt=a fox", "--set", "num_results=1", "--json")
	if job.code != cli.ExitDone { // the sandbox has no such model: any job that ends well will do
		job = sh.run("run", "luma/image", "--set", "prompt=a paper fox", "--json").want(cli.ExitDone)
	}
	id := job.last().text("id")
	// What an earlier version left.
	steps := storage.NewTable[json.RawMessage]("steps")
	sh.database(func(tx *storage.Tx) error {
		return steps.Put(tx, id+"/old", json.RawMessage(`{"done":true,"receipt":{"id":"1","answer":{"urls":["`+signedLinkKept+`"]}}}`))
	})
	sh.run("jobs", "show", id).want(cli.ExitDone)
	sh.run("jobs", "list").want(cli.ExitDone)
	found := 0
	sh.database(func(tx *storage.Tx) error {
		return steps.Each(tx, id+"/", func(key string, rec json.RawMessage) error {
			found++
			if strings.Contains(string(rec), "Signature=") {
				t.Errorf("%s holds %s", key, rec)
			}
			return nil
		})
	})
	if found == 0 {
		t.Error("no step was found")
	}
}

// database works on the closed database.
func (sh *shell) database(do func(*storage.Tx) error) {
	sh.t.Helper()
	db, err := storage.Open(storage.LayoutAt(sh.data).DB)
	if err != nil {
		sh.t.Fatal(err, filepath.Base(sh.data))
	}
	defer db.Close()
	if err := db.Update(do); err != nil {
		sh.t.Fatal(err)
	}
}
