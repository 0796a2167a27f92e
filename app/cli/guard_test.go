package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/maquette-studio/maquette/app/cli"
)

func TestNothingThatIsPrintedSteersATerminal(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"plain\ttext\nfox 🦊 é שלום\n":     "plain\ttext\nfox 🦊 é שלום\n",
		"\x1b]0;owned\x07":                `\u001b]0;owned\u0007`,
		"a\u009b31mb\rc\x7f\u202eexe\x00": `a\u009b31mb\u000dc\u007f\u202eexe\u0000`,
		"\x9b31m\xff":                     `\x9b31m\xff`,
	} {
		for _, at := range []int{0, 1, 2, 3, len(written) / 2} {
			var out bytes.Buffer
			to := cli.Guarded(&out)
			at = min(at, len(written))
			for _, part := range []string{written[:at], written[at:]} {
				if n, err := io.WriteString(to, part); err != nil || n != len(part) {
					t.Errorf("%d, %v", n, err)
				}
			}
			if out.String() != want {
				t.Errorf("%q in parts of %d is written as %q", written, at, out.String())
			}
		}
	}
}

func TestGuardedJSONReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	for r := rune(0); r < 0x3000; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		var out bytes.Buffer
		if err := json.NewEncoder(cli.Guarded(&out)).Encode(map[string]string{"x": string(r)}); err != nil {
			t.Fatal(err)
		}
		var back map[string]string
		if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["x"] != string(r) {
			t.Fatalf("%U is read back as %q: %v", r, back, err)
		}
	}
}
