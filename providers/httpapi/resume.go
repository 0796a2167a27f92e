// Downloads that go on where they stopped.

package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

// Resume reads a link from byte from on. validator is what an earlier Resume
// returned for the bytes already there. restarted reports that the body
// begins at byte 0 instead, since the file changed or the host can't resume.
// total is the whole file's size in bytes, -1 when unknown. The body's read
// errors are *providers.Failure; the caller closes it.
func (f *Fetcher) Resume(ctx context.Context, link string, from int64, validator string) (body io.ReadCloser, total int64, restarted bool, newValidator string, err error) {
	if from > 0 {
		body, total, newValidator, err = f.rest(ctx, link, from, validator)
		if body != nil || err != nil {
			return body, total, false, newValidator, err
		}
	}
	opened, response, err := f.openWhole(ctx, link, providers.BadResult)
	if err != nil {
		return nil, 0, false, "", err
	}
	newValidator = validatorOf(response)
	if len(network.Codings(response.Header)) > 0 {
		newValidator = "" // a range would be one of the packed file
	}
	return opened, response.ContentLength, from > 0, newValidator, nil
}

// rest asks for the bytes after from; a nil body means that the whole file
// must be read instead. A host that ignores If-Range sends the rest of another
// file, which its validator tells.
func (f *Fetcher) rest(ctx context.Context, link string, from int64, validator string) (io.ReadCloser, int64, string, error) {
	header := http.Header{"Range": {fmt.Sprintf("bytes=%d-", from)}}
	if validator != "" {
		header.Set("If-Range", validator)
	}
	body, response, err := f.open(ctx, link, header)
	if err != nil {
		return nil, 0, "", err
	}
	span := rangeOf(response)
	same := sameFile(response, validator) && len(network.Codings(response.Header)) == 0
	switch status := response.StatusCode; {
	case status == http.StatusPartialContent && same && span.ok && span.start == from && span.total != from:
		return body, span.total, validator, nil
	case status == http.StatusRequestedRangeNotSatisfiable && same && span.total == from:
		_ = body.Close()
		return io.NopCloser(bytes.NewReader(nil)), span.total, validator, nil
	case status == http.StatusOK, status == http.StatusNonAuthoritativeInfo, status == http.StatusPartialContent, status == http.StatusRequestedRangeNotSatisfiable:
		_ = body.Close()
		return nil, 0, "", nil
	}
	defer func() { _ = body.Close() }()
	return nil, 0, "", wantWhole(response, providers.BadResult)
}

// span is a Content-Range: "bytes 100-199/200", "bytes */200" or "bytes
// 100-199/*".
type span struct {
	start, end int64 // of the first and the last byte
	total      int64 // -1 when the host doesn't say
	ok         bool  // there is a start and an end
}

func rangeOf(response *http.Response) span {
	unit, value, _ := strings.Cut(strings.TrimSpace(response.Header.Get("Content-Range")), " ")
	bytes, size, found := strings.Cut(strings.TrimSpace(value), "/")
	if !found || !strings.EqualFold(unit, "bytes") {
		return span{total: -1}
	}
	total, err := strconv.ParseInt(size, 10, 64)
	if err != nil || total < 0 {
		total = -1
	}
	first, last, _ := strings.Cut(bytes, "-")
	start, startErr := strconv.ParseInt(first, 10, 64)
	end, endErr := strconv.ParseInt(last, 10, 64)
	ok := startErr == nil && endErr == nil && start >= 0 && end >= start && (total < 0 || end < total)
	return span{start: start, end: end, total: total, ok: ok}
}

// validatorOf returns what names these very bytes: a strong ETag, else the
// time of the last change, else nothing.
func validatorOf(response *http.Response) string {
	if tag := response.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return response.Header.Get("Last-Modified")
}

// sameFile reports whether nothing in an answer says that it is of another
// file than the validator's.
func sameFile(response *http.Response, validator string) bool {
	now := response.Header.Get("Last-Modified")
	if strings.HasPrefix(validator, `"`) {
		now = strings.TrimPrefix(response.Header.Get("ETag"), "W/")
	}
	return now == "" || validator == "" || now == validator
}
