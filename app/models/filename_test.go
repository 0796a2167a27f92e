package models

import (
	"strings"
	"testing"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/storage/filename"
)

func TestNoTwoModelsShareAFile(t *testing.T) {
	t.Parallel()
	ms := &Models{byID: map[string]Model{}}
	long := strings.Repeat("x", 300)
	for i, id := range []string{"ckp_1", "CKP_1", "a/b", "a:b", "a-b", "é", "ü", "", long + "1", long + "2"} {
		m := Model{ID: "dreamlook:" + id, Service: "dreamlook", Created: time.Unix(int64(i), 0), Model: providers.Model{RemoteID: id}}
		ms.byID[m.ID] = m
	}
	seen := map[string]string{}
	for _, m := range ms.List() {
		name := ms.freeFileName(m)
		if len(name) > fileNameMost || name != filename.Clean(name, "") || !strings.HasSuffix(name, ".safetensors") {
			t.Errorf("%.20q is called %q", m.RemoteID, name)
		}
		if other, taken := seen[filename.Fold(name)]; taken {
			t.Errorf("%.20q and %.20q are both called %q", m.RemoteID, other, name)
		}
		seen[filename.Fold(name)] = m.RemoteID
	}
	// What was downloaded keeps its name, and what isn't gives way.
	first, second := ms.byID["dreamlook:ckp_1"], ms.byID["dreamlook:CKP_1"]
	if name := ms.freeFileName(first); name != "dreamlook-ckp_1.safetensors" {
		t.Errorf("the first is called %q", name)
	}
	second.File = "dreamlook-CKP_1.safetensors"
	ms.byID[second.ID] = second
	if name := ms.freeFileName(first); filename.Fold(name) == filename.Fold(second.File) {
		t.Errorf("the first is called %q, as the downloaded one", name)
	}
}
