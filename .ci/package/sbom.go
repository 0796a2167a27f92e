//go:build ignore

// Prints what is in the program as a CycloneDX list (https://cyclonedx.org/docs/1.5/json/): every Go module whose code is
// linked in, Go itself, and the decoders that are embedded. go run .ci/package/sbom.go -tags T -os linux -version V -date D
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref,omitempty"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl,omitempty"`
	Hashes  []hash `json:"hashes,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

func main() {
	tags := flag.String("tags", "", "build tags")
	system := flag.String("os", runtime.GOOS, "the system that it is built for")
	version := flag.String("version", "", "Maquette's version")
	date := flag.String("date", "", "the time of the commit, RFC 3339")
	flag.Parse()
	modules, err := linked(*tags, *system)
	if err == nil {
		err = write(os.Stdout, modules, *version, *date)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// linked are the modules whose packages are in the program.
func linked(tags, system string) ([]component, error) {
	list := exec.Command("go", "list", "-deps", "-tags", tags, "-json=Module", ".")
	list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	all := map[string]component{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var pack struct {
			Module *struct {
				Path, Version string
				Main          bool
			}
		}
		if err := decoder.Decode(&pack); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("reading go list: %w", err)
		}
		if m := pack.Module; m != nil && !m.Main {
			ref := "pkg:golang/" + m.Path + "@" + m.Version
			all[m.Path] = component{Type: "library", Ref: ref, Name: m.Path, Version: m.Version, PURL: ref}
		}
	}
	modules := []component{{Type: "platform", Ref: "go", Name: "Go", Version: runtime.Version()}}
	for _, m := range all {
		modules = append(modules, m)
	}
	for name, version := range map[string]string{"heif": "libheif 1.18.2, libde265 1.0.15", "avif": "libavif 1.1.1, libaom 3.10.0, libyuv"} {
		bytes, err := os.ReadFile("app/photo/codec/lib/" + name + ".wasm.gz")
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(bytes)
		modules = append(modules, component{
			Type: "file", Ref: name, Name: name + ".wasm.gz", Version: version,
			Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}},
		})
	}
	if system == "windows" {
		version, err := exec.Command("x86_64-w64-mingw32-gcc", "-dumpversion").Output()
		if err != nil {
			return nil, fmt.Errorf("asking the C compiler for its version: %w", err)
		}
		modules = append(modules, component{Type: "library", Ref: "mingw-w64", Name: "mingw-w64 and GCC's runtime", Version: strings.TrimSpace(string(version))})
	}
	slices.SortFunc(modules, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	return modules, nil
}

func write(out io.Writer, modules []component, version, date string) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{
		"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
		"metadata": map[string]any{
			"timestamp": date,
			"component": component{Type: "application", Ref: "maquette", Name: "Maquette", Version: version},
		},
		"components": modules,
	})
}
