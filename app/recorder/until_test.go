package recorder

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/maquette-studio/maquette/providers"
)

func TestAScriptWaitsUntilTheConditionIsMet(t *testing.T) {
	t.Parallel()
	source := func(value string) providers.Member { return providers.Member{Name: "caption_source", Value: value} }
	completed := providers.Member{Name: "captions_update_status", Value: "completed"}
	settled := providers.Until{Lacks: []providers.Member{{Name: "captions_update_status", Value: "in progress"}}}
	captioned := providers.Until{Lacks: []providers.Member{source("pending"), {Name: "caption", Value: "null"}, {Name: "caption", Value: ""}}}
	again := providers.Until{Holds: &completed}
	both := providers.Until{Holds: &completed, Lacks: []providers.Member{source("pending")}}
	const there, pending = `{"id":1,"caption":"a fox","caption_source":"automatic"}`, `{"id":2,"caption":null,"caption_source":"pending"}`
	for name, row := range map[string]struct {
		until  providers.Until
		answer string
		met    bool
	}{
		"none":                   {captioned, `[]`, true},
		"there":                  {captioned, "[" + there + "]", true},
		"one pending":            {captioned, "[" + there + "," + pending + "]", false},
		"an old one, pending":    {captioned, `[{"id":1,"caption":"old","caption_source":"Pending"}]`, false},
		"without":                {captioned, `[{"id":1,"caption":null,"caption_source":"automatic"}]`, false},
		"unknown":                {captioned, `[{"id":1,"caption":null,"caption_source":"unknown"},` + there + `]`, false},
		"empty":                  {captioned, `[{"id":1,"caption": "","caption_source":"automatic"},` + there + `]`, false},
		"unknown, and pending":   {captioned, `[{"id":1,"caption":null,"caption_source":"Unknown"},` + pending + `]`, false},
		"on lines":               {captioned, "[\n  {\n    \"id\": 1,\n    \"caption\": null,\n    \"caption_source\": \"unknown\"\n  }\n]", false},
		"on lines, without":      {captioned, "[\n  {\n    \"id\": 1,\n    \"caption\": null,\n    \"caption_source\": \"manual\"\n  }\n]", false},
		"a caption that says so": {captioned, `[{"id":1,"caption":"a } and \"caption\": null","caption_source":"manual"}]`, true},
		"nothing under way":      {settled, `{"id":4,"captions_update_status":"empty"}`, true},
		"under way":              {settled, `{"id":4,"captions_update_status":"in_progress"}`, false},
		"under way, otherwise":   {settled, `{"id":4,"captions_update_status": "InProgress"}`, false},
		"asked for, under way":   {again, `{"id":4,"captions_update_status":"in_progress","images":[` + there + `]}`, false},
		"asked for, there":       {again, `{"id":4,"captions_update_status":"completed","images":[` + there + `]}`, true},
		"both":                   {both, `{"captions_update_status":"completed","images":[` + there + `]}`, true},
		"both, one pending":      {both, `{"captions_update_status":"completed","images":[` + pending + `]}`, false},
		"both, not completed":    {both, `{"captions_update_status":"empty","images":[` + there + `]}`, false},
	} {
		script := exec.CommandContext(t.Context(), "sh", "-c", untilCommand(row.until))
		script.Stdin = strings.NewReader(row.answer)
		if met := script.Run() == nil; met != row.met {
			t.Errorf("%s: met %v by %s", name, met, untilCommand(row.until))
		}
	}
}
