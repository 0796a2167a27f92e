// What an answer says, however it is packed, spelled or begun.

package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

// read turns an answer into out or a failure.
func (c *Client) read(ctx context.Context, response *http.Response, out any) *providers.Failure {
	if response.StatusCode < 200 || response.StatusCode > 299 {
		body, _ := readBody(response, maxErrorBody) // what could be read of it says enough
		return c.statusFailure(ctx, response, c.admitted(body))
	}
	body, err := readBody(response, maxBody+1)
	if len(body) <= maxBody {
		body = c.admitted(body)
	}
	var coding *network.CodingError
	switch {
	case out == nil:
		return nil
	case errors.As(err, &coding) && !json.Valid(body):
		return c.garbled(ctx, response.StatusCode, providers.Say("it is packed in a way that Maquette can't unpack (%s)", printable(c.Quote(coding.Coding), 40)), nil)
	case errors.As(err, new(*network.UnpackError)):
		return c.garbled(ctx, response.StatusCode, providers.Say("it can't be unpacked"), nil)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return c.garbled(ctx, response.StatusCode, providers.Say("the answer was cut short"), body)
	case err != nil && coding == nil:
		return c.transportFailure(ctx, err, true)
	case len(body) > maxBody:
		return c.garbled(ctx, response.StatusCode, providers.Say("the answer was far too long"), c.admitted(body[:maxErrorBody]))
	case strings.TrimSpace(string(body)) == "null":
		return c.garbled(ctx, response.StatusCode, providers.Say("the answer was empty"), body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return c.garbled(ctx, response.StatusCode, providers.Say("the answer was not what its document says"), body)
	}
	if checked, ok := out.(Checked); ok {
		if err := checked.Check(); err != nil {
			return c.garbled(ctx, response.StatusCode, providers.SentenceOf(err), body)
		}
	}
	return nil
}

// readBody reads at most most bytes of an answer, unpacked and in UTF-8. With
// a coding that isn't known, a *network.CodingError, they are as they came,
// which may be plain.
func readBody(response *http.Response, most int64) ([]byte, error) {
	plain, unknown := network.Decode(response.Header, response.Body)
	if unknown != nil {
		plain = response.Body
	}
	body, err := io.ReadAll(io.LimitReader(plain, most))
	return inUTF8(response.Header.Get("Content-Type"), body), cmp.Or(err, unknown)
}

// inUTF8 is a text in UTF-8, without the mark that some begin it with. JSON is
// UTF-8 (RFC 8259, 8.1); what is not says so by its mark or its charset.
func inUTF8(contentType string, text []byte) []byte {
	_, parameters, _ := mime.ParseMediaType(contentType)
	charset := strings.ToLower(parameters["charset"])
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return text[3:]
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		return fromUTF16(binary.LittleEndian, text[2:])
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		return fromUTF16(binary.BigEndian, text[2:])
	case charset == "utf-16le", len(text) > 1 && text[0] != 0 && text[1] == 0:
		return fromUTF16(binary.LittleEndian, text)
	case charset == "utf-16", charset == "utf-16be", len(text) > 1 && text[0] == 0 && text[1] != 0:
		return fromUTF16(binary.BigEndian, text)
	case utf8.Valid(text):
		return text
	case charset == "iso-8859-1" || charset == "latin1" || charset == "windows-1252":
		return fromLatin1(text)
	}
	return text
}

func fromUTF16(order binary.ByteOrder, text []byte) []byte {
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func fromLatin1(text []byte) []byte {
	runes := make([]rune, len(text))
	for i, b := range text {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}
