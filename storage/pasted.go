// Keys as people paste them: with what stood around them where they were copied.

package storage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pastedMost bounds what is looked at, bytes.
const pastedMost = 64 << 10

// CleanKey is the key in what a person pasted: without invisible characters,
// quotes, the variable or header it was written into, the word Bearer, or the
// curl command around it. What can't be a key is refused, and never sent: the
// error is an ErrBadKey that holds nothing of it.
func CleanKey(pasted string) (string, error) {
	if len(pasted) > pastedMost {
		return "", badKey("it is too long")
	}
	if !utf8.ValidString(pasted) {
		return "", badKey("it is no text")
	}
	keys := keysIn(Visible(pasted))
	switch {
	case len(keys) == 0:
		return "", badKey("it is empty")
	case len(keys) > 1:
		return "", badKey("it is several lines; paste the key alone")
	}
	if err := checkSecret(keys[0]); err != nil {
		return "", err
	}
	return keys[0], nil
}

// BucketAccount is the account of a bucket's secret key.
const BucketAccount = "bucket"

// CleanSecret is CleanKey for an account. A store's secret key may be chosen by a
// person, with spaces and letters of any language in it, and is never sent: it
// only loses the quotes and the variable around it.
func CleanSecret(account, pasted string) (string, error) {
	if account != BucketAccount {
		return CleanKey(pasted)
	}
	if key, err := CleanKey(pasted); err == nil {
		return key, nil
	}
	secret := strings.TrimSpace(strings.Trim(pasted, "\ufeff\u200b\u00a0 \r\n"))
	for _, quote := range []string{`"`, "'"} {
		if inner, ok := strings.CutPrefix(secret, quote); ok && len(inner) > 1 && strings.HasSuffix(inner, quote) {
			secret = strings.TrimSuffix(inner, quote)
		}
	}
	switch {
	case secret == "":
		return "", badKey("it is empty")
	case len(secret) > pastedMost || !utf8.ValidString(secret):
		return "", badKey("it is too long, or no text")
	case strings.ContainsFunc(secret, unicode.IsControl):
		return "", badKey("it holds a line break or another control character")
	}
	return secret, nil
}

func badKey(why string) error { return fmt.Errorf("%w: %s", ErrBadKey, why) }

// Visible is a pasted line without what can't be seen: byte order marks,
// zero-width and bidi characters go, special spaces become plain ones, and
// full-width letters and curly quotes what is on a keyboard. Control characters
// stay, but for line breaks in one form.
func Visible(pasted string) string {
	pasted = strings.ReplaceAll(strings.ReplaceAll(pasted, "\r\n", "\n"), "\r", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf), r >= 0xfe00 && r <= 0xfe0f:
			return -1
		case r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case unicode.Is(unicode.Zs, r):
			return ' '
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xff01 + '!'
		case strings.ContainsRune("“”„«»", r):
			return '"'
		case strings.ContainsRune("‘’‚‹›", r):
			return '\''
		}
		return r
	}, pasted))
}

// header finds keys in commands and headers: the one that a service's
// documentation shows, or what a browser copies.
var header = regexp.MustCompile(`(?i)(?:authorization|api[_-]?token|api[_-]?key|x-auth-token)["']?\s*[:=]\s*["']?(?:(?:bearer|token|key)\s+)?([^"'\s\\,;]+)`)

// keysIn are the different keys in a text.
func keysIn(text string) (keys []string) {
	add := func(key string) {
		if key = once(key); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if strings.HasPrefix(text, "curl ") || strings.Contains(text, " curl ") || strings.HasPrefix(text, "curl.exe ") {
		for _, match := range header.FindAllStringSubmatch(text, -1) {
			add(match[1])
		}
		if len(keys) > 0 {
			return keys
		}
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i > 0 && noted.MatchString(line) { // as password managers add
			continue
		}
		add(bare(line))
	}
	return keys
}

// noted is a line of a password manager behind the secret: "url: example.com".
var noted = regexp.MustCompile(`^\s*(?i:url|site|website|login|user|username|user name|email|e-mail|notes?|comment|title|name|created|expires)\s*:`)

// assigned is a variable, a member or a header with a value behind it.
var (
	assigned = regexp.MustCompile(`^(?:(?:export|set|setx|let|const|var)\s+|\$env:|-H\s+|--header\s+)*["']?(?:\$env:)?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*([:=])\s*(\S.*)$`)
	setx     = regexp.MustCompile(`^setx\s+([A-Za-z][A-Za-z0-9_]*)\s+(\S+)$`)
	setFish  = regexp.MustCompile(`^set\s+-[a-zA-Z]+\s+[A-Za-z][A-Za-z0-9_]*\s+(\S+)$`)
	scheme   = regexp.MustCompile(`^(?i:bearer|token)(?:\s+|:\s*)(\S.*)$`)
)

// bare takes off what stands around a key, layer by layer.
func bare(line string) string {
	for range 8 {
		before := line
		line = strings.Trim(strings.TrimRight(strings.TrimSpace(line), ",;"), `"'`+"` ")
		if inner, ok := strings.CutPrefix(line, "{"); ok { // JSON with one member
			line = strings.TrimSuffix(inner, "}")
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "-H "), "--header ")
		if match := setx.FindStringSubmatch(line); match != nil {
			line = match[2]
		}
		if match := setFish.FindStringSubmatch(line); match != nil {
			line = match[1]
		}
		if match := assigned.FindStringSubmatch(line); match != nil && names(match[1], match[2], line) {
			line = match[3]
		}
		if match := scheme.FindStringSubmatch(line); match != nil {
			line = match[1]
		}
		if line == before {
			break
		}
	}
	return line
}

// names reports whether what stands before = or : is a name rather than a part
// of the key.
func names(word, sign, line string) bool {
	lower := strings.ToLower(word)
	if header := []string{"authorization", "api_token", "api-token", "api_key", "api-key", "apikey", "x-api-key"}; slices.Contains(header, lower) {
		return true
	}
	_, behind, _ := strings.Cut(line, sign)
	if sign == ":" && !strings.HasPrefix(behind, " ") && !strings.HasPrefix(behind, `"`) {
		return false // a key of two parts
	}
	for _, part := range []string{"key", "token", "secret", "authorization", "password", "_url"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	return strings.HasPrefix(line, "export ") || strings.HasPrefix(line, "set ") || strings.HasPrefix(line, "$env:") || word == strings.ToUpper(word) && strings.Contains(word, "_")
}

// once is a key that was pasted twice; others as they are.
func once(key string) string {
	half := len(key) / 2
	if len(key) >= 16 && len(key)%2 == 0 && key[:half] == key[half:] {
		return key[:half]
	}
	if words := strings.Fields(key); len(words) == 2 && words[0] == words[1] {
		return words[0]
	}
	return key
}

// placeholder is what documentation puts in a key's place: YOUR_API_KEY.
var placeholder = regexp.MustCompile(`(?i)^(?:insert|enter|paste|put|replace)?[_. -]?(?:your|my)[_. -]?(?:own[_. -]?)?(?:[a-z]+[_. -]?)?(?:api|access|secret)?[_. -]?(?:key|token)(?:[_. -]?here)?$`)

// checkSecret refuses what no service gives out as a key.
func checkSecret(secret string) error {
	switch {
	case secret == "":
		return badKey("it is empty")
	case strings.ContainsFunc(secret, unicode.IsControl):
		return badKey("it holds a line break or another control character")
	case strings.ContainsFunc(secret, unicode.IsSpace):
		return badKey("it holds a space; paste the key alone")
	case strings.Contains(secret, "***") || strings.Contains(secret, "...") || strings.ContainsAny(secret, "…•●"):
		return badKey("a part of it is hidden; copy it where it is shown whole")
	case strings.HasPrefix(secret, "<") && strings.HasSuffix(secret, ">"), strings.HasPrefix(secret, "$"), placeholder.MatchString(secret):
		return badKey("it only stands for a key; paste the key itself")
	case strings.HasPrefix(secret, "https://"), strings.HasPrefix(secret, "http://"):
		return badKey("it is a web address")
	}
	for _, r := range secret {
		if r > unicode.MaxASCII || strings.ContainsRune("\"'`\\<>{}", r) {
			return badKey(fmt.Sprintf("it holds a character that no key has (%U); copy it again", r))
		}
	}
	return nil
}
