package network_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"github.com/maquette-studio/maquette/providers/network"
)

func packed(t *testing.T, text string, with ...func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	for _, open := range with {
		var out bytes.Buffer
		w := open(&out)
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		text = out.String()
	}
	return []byte(text)
}

func gz(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func zl(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }

func raw(w io.Writer) io.WriteCloser {
	packer, err := flate.NewWriter(w, flate.DefaultCompression)
	if err != nil {
		panic(err)
	}
	return packer
}

func zst(w io.Writer) io.WriteCloser {
	packer, err := zstd.NewWriter(w)
	if err != nil {
		panic(err)
	}
	return packer
}

func TestDecode(t *testing.T) {
	text := strings.Repeat("an answer ", 1000)
	for _, row := range []struct {
		name    string
		codings []string // one a header line
		body    []byte
	}{
		{"as it is", nil, []byte(text)},
		{"identity", []string{"identity"}, []byte(text)},
		{"an empty name", []string{""}, []byte(text)},
		{"gzip", []string{"gzip"}, packed(t, text, gz)},
		{"x-gzip in capitals", []string{"X-GZIP"}, packed(t, text, gz)},
		{"gzip in two members", []string{"gzip"}, append(packed(t, text[:5000], gz), packed(t, text[5000:], gz)...)},
		{"gzip with padding behind", []string{"gzip"}, append(packed(t, text, gz), make([]byte, 512)...)},
		{"deflate", []string{"deflate"}, packed(t, text, zl)},
		{"deflate without zlib's frame", []string{"deflate"}, packed(t, text, raw)},
		{"zstd", []string{"zstd"}, packed(t, text, zst)},
		{"twice", []string{"gzip, gzip"}, packed(t, text, gz, gz)},
		{"two in two lines", []string{"deflate", "gzip"}, packed(t, text, zl, gz)},
		{"said to be gzip and is not", []string{"gzip"}, []byte(text)},
		{"said twice and once is true", []string{"gzip", "gzip"}, packed(t, text, gz)},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, from := range []io.Reader{bytes.NewReader(row.body), iotest.OneByteReader(bytes.NewReader(row.body))} {
				plain, err := network.Decode(http.Header{"Content-Encoding": row.codings}, from)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(plain); err != nil || string(got) != text {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			}
		})
	}
}

func TestWhatCantBeDecoded(t *testing.T) {
	header := func(coding string) http.Header { return http.Header{"Content-Encoding": {coding}} }
	for _, coding := range []string{"br", "compress", "gzip, br", "gzip,gzip,gzip,gzip,gzip"} {
		if _, err := network.Decode(header(coding), strings.NewReader("abc")); !errors.As(err, new(*network.CodingError)) {
			t.Errorf("%s: %v", coding, err)
		}
	}
	text := strings.Repeat("an answer ", 1000)
	for coding, body := range map[string][]byte{"gzip": packed(t, text, gz), "deflate": packed(t, text, zl), "zstd": packed(t, text, zst)} {
		cut := body[:len(body)/2]
		plain, err := network.Decode(header(coding), bytes.NewReader(cut))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(plain); !errors.As(err, new(*network.UnpackError)) {
			t.Errorf("%s, cut: %v", coding, err)
		}
		broken := errors.New("the connection broke")
		plain, err = network.Decode(header(coding), io.MultiReader(bytes.NewReader(cut), iotest.ErrReader(broken)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(plain); !errors.Is(err, broken) {
			t.Errorf("%s, broken off: %v", coding, err)
		}
	}
	plain, err := network.Decode(header("gzip"), strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(plain); err != nil || len(got) > 0 {
		t.Errorf("an empty body: %q, %v", got, err)
	}
}
