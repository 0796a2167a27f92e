// What a host's spelling says: addresses in all the ways that resolvers read
// them, and names that are plainly local.

package network

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// spell is a host as resolvers understand it: in ASCII and lower case, without
// a closing dot, an address written the usual way. ok is false for what no
// resolver takes.
func spell(host string) (canonical string, ok bool) {
	for i := range len(host) {
		if host[i] < 0x80 {
			continue
		}
		// Fullwidth digits and dots become plain ones here, as in net/http.
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", false
		}
		host = ascii
		break
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "" {
		return "", false
	}
	if address, literal := literalAddress(host); literal {
		return address.String(), true
	}
	return host, true
}

// literalAddress reads an address as it may be written in a URL: also in the
// old forms that the system's resolver takes, "127.1", "0x7f000001",
// "2130706433" and "0177.0.0.1" (inet_aton).
func literalAddress(host string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(host); err == nil {
		return address, true
	}
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var whole uint64
	for i, part := range parts {
		number, err := oldNumber(part)
		if err != nil {
			return netip.Addr{}, false
		}
		width := 8
		if i == len(parts)-1 {
			width = 8 * (5 - len(parts))
		}
		if number >= 1<<width {
			return netip.Addr{}, false
		}
		whole = whole<<width | number
	}
	return netip.AddrFrom4([4]byte{byte(whole >> 24), byte(whole >> 16), byte(whole >> 8), byte(whole)}), true
}

// oldNumber reads a number in C's notation: decimal, 0x hexadecimal, 0 octal.
func oldNumber(text string) (uint64, error) {
	if digits, hex := strings.CutPrefix(text, "0x"); hex {
		if digits == "" {
			return 0, nil
		}
		return strconv.ParseUint(digits, 16, 33)
	}
	if len(text) > 1 && text[0] == '0' {
		return strconv.ParseUint(text[1:], 8, 33)
	}
	return strconv.ParseUint(text, 10, 33)
}

// IsThisComputer reports whether a host of a URL is spelled as this computer
// itself: a loopback address in any form, localhost, or a name below it.
func IsThisComputer(host string) bool {
	canonical, ok := spell(host)
	if !ok {
		return false
	}
	if address, literal := literalAddress(canonical); literal {
		return isThisComputer(address)
	}
	return canonical == "localhost" || strings.HasSuffix(canonical, ".localhost")
}

func isThisComputer(address netip.Addr) bool {
	address = address.Unmap()
	return address.IsLoopback() || address.IsUnspecified()
}

// localNames are the ends of names that lead nowhere on the internet (RFC
// 6761, 6762, 8375, ICANN's reservation of .internal, and what routers use).
var localNames = []string{".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".home.arpa", ".corp", ".private", ".localdomain"}

// isLocalName reports whether a canonical name can't be one of the internet.
func isLocalName(host string) bool {
	if !strings.Contains(host, ".") {
		return true
	}
	for _, end := range localNames {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}
