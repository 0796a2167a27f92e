package cli_test

import (
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/registry"
)

func TestARemedyIsSaidAsTheCommandThatHelps(t *testing.T) {
	t.Parallel()
	luma, _ := registry.All().Service("luma")
	for want, row := range map[string]struct {
		remedy  providers.Remedy
		service *providers.Service
		job     string
	}{
		"maquette keys set luma, or LUMAAI_API_KEY":                {providers.Remedy{Code: providers.OpenKeys}, luma, ""},
		"MAQUETTE_LUMA_URL":                                        {providers.Remedy{Code: providers.OpenAddress}, luma, ""},
		"maquette bucket set":                                      {providers.Remedy{Code: providers.OpenBucket}, nil, ""},
		"maquette bucket check":                                    {providers.Remedy{Code: providers.CheckBucket}, nil, ""},
		"--data DIR":                                               {providers.Remedy{Code: providers.OpenFolder}, nil, ""},
		"maquette call bria/dataset-clone":                         {providers.Calling("bria/dataset-clone", ""), nil, ""},
		"maquette call bria/dataset-update --set status=completed": {providers.Calling("bria/dataset-update", "status=completed"), nil, ""},
		"maquette jobs retry j1":                                   {providers.Remedy{Code: providers.RetryJob}, luma, "j1"},
		"":                                                         {providers.Remedy{Code: providers.RetryJob}, luma, ""},
	} {
		if got := cli.RemedyWords(row.remedy, row.service, row.job); got != want {
			t.Errorf("%+v is said as %q, want %q", row.remedy, got, want)
		}
	}
}

func TestAMissingKeyIsAnsweredWithTheCommandThatSetsIt(t *testing.T) {
	t.Parallel()
	answered := newShell(t).run("call", "luma/credits")
	if answered.code != cli.ExitFailed || !strings.Contains(answered.err, "There is no key for Luma") ||
		!strings.Contains(answered.err, "\n  maquette keys set luma, or LUMAAI_API_KEY\n") {
		t.Errorf("%d: %s", answered.code, answered.err)
	}
}
