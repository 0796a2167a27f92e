// The service's own words, read from the error bodies that services send.

package httpapi

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
)

const maxWords = 300 // characters of a service's words that are shown

// Words reads the service's own words from an error's body: {"detail": text
// or [{loc, msg}]}, {"message"}, {"error": text or {code, message, details}},
// {"code", "message", "data"}, a bare JSON text, or else the first 300
// printable characters, of a web page its title.
func Words(body []byte) string {
	if words := jsonWords(body); words != "" {
		return printable(words, maxWords)
	}
	return plainText(body)
}

func jsonWords(body []byte) string {
	var text string
	if json.Unmarshal(body, &text) == nil {
		return text
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	for _, key := range []string{"detail", "error", "message", "msg", "errors"} {
		if words := memberWords(object[key]); words != "" {
			return words
		}
	}
	return ""
}

func memberWords(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		parts := make([]string, 0, len(list))
		for _, item := range list {
			if words := itemWords(item); words != "" {
				parts = append(parts, words)
			}
		}
		return strings.Join(parts, "; ")
	}
	return itemWords(raw)
}

func itemWords(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var item struct {
		Loc     []any           `json:"loc"`
		Msg     string          `json:"msg"`
		Message string          `json:"message"`
		Code    any             `json:"code"`
		Details json.RawMessage `json:"details"`
	}
	if json.Unmarshal(raw, &item) != nil {
		return ""
	}
	words := item.Msg
	if words == "" {
		words = item.Message
	}
	if words == "" && item.Code != nil {
		words = fmt.Sprint(item.Code)
	}
	if field := fieldPath(item.Loc); field != "" && words != "" {
		words = field + ": " + words
	}
	if details := memberWords(item.Details); details != "" {
		words += " (" + details + ")"
	}
	return words
}

// detailField returns the first field that {"detail":[{"loc":[…]}]} names.
func detailField(body []byte) string {
	var answer struct {
		Detail []struct {
			Loc []any `json:"loc"`
		} `json:"detail"`
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Detail) == 0 {
		return ""
	}
	return fieldPath(answer.Detail[0].Loc)
}

// fieldPath writes ["body","image_ref",1,"weight"] as "image_ref[1].weight".
func fieldPath(loc []any) string {
	var path strings.Builder
	for i, part := range loc {
		switch part := part.(type) {
		case float64:
			fmt.Fprintf(&path, "[%d]", int(part))
		case string:
			if i == 0 && (part == "body" || part == "query" || part == "path") {
				continue
			}
			if path.Len() > 0 {
				path.WriteByte('.')
			}
			path.WriteString(part)
		}
	}
	return path.String()
}

var (
	pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	pageNoise = regexp.MustCompile(`(?is)<(script|style)\b.*?(</(script|style)>|$)|<[^>]*>`)
	looksHTML = regexp.MustCompile(`(?is)^\s*(<!doctype\s+html|<html|<head|<body|<!--|<h1|<p>|<center)`)
)

// plainText returns the first 300 printable characters, of a web page its
// title or, without one, its text.
func plainText(body []byte) string {
	text := string(body[:min(len(body), 16<<10)])
	if looksHTML.MatchString(text) {
		if title := pageTitle.FindStringSubmatch(text); title != nil && strings.TrimSpace(title[1]) != "" {
			text = title[1]
		}
		text = html.UnescapeString(pageNoise.ReplaceAllString(text, " "))
	}
	return printable(text, maxWords)
}

// printable keeps what can be shown on a line, at most limit characters.
func printable(text string, limit int) string {
	var out strings.Builder
	count, space := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = count > 0
			continue
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			continue
		}
		if space {
			out.WriteByte(' ')
			count++
			space = false
		}
		if count >= limit {
			out.WriteRune('…')
			break
		}
		out.WriteRune(r)
		count++
	}
	return out.String()
}
