// Who is let in: programs that reach a listener by an address of this computer, no web page.

package sandbox

import (
	"encoding/hex"
	"net"
	"net/http"
	"strings"
)

// door keeps web pages away from what a listener serves. A page's requests carry an Origin, and no answer here allows
// one (CORS), so that it can't read; what changes something is refused. A page whose own name was pointed at this
// computer (DNS rebinding) is told by the Host, which is that name.
type door struct {
	name string // what the listener was told to listen on, besides this computer's addresses; "" for none
	open bool   // others may reach it
	next http.Handler
}

func (d door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.knows(r.Host) {
		http.Error(w, "The sandbox is reached by its address only, not by this name.", http.StatusMisdirectedRequest)
		return
	}
	if r.Header.Get("Origin") != "" && r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "The sandbox takes no requests from web pages.", http.StatusForbidden)
		return
	}
	d.next.ServeHTTP(&unshared{ResponseWriter: w}, r)
}

// knows reports whether a request's Host is an address of this computer. A number can't be pointed elsewhere as a name
// can, so that a listener that others may reach takes any.
func (d door) knows(host string) bool {
	name := host
	if bare, _, err := net.SplitHostPort(host); err == nil {
		name = bare
	}
	name = strings.Trim(name, "[]")
	if strings.EqualFold(name, "localhost") || (d.name != "" && strings.EqualFold(name, d.name)) {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && (d.open || ip.IsLoopback())
}

// unshared is an answer that no web page is allowed to read, whatever is said beneath: the bucket's server allows all.
type unshared struct {
	http.ResponseWriter
	begun bool
}

func (u *unshared) WriteHeader(status int) {
	if u.begun {
		return
	}
	u.begun = true
	for name := range u.Header() {
		if strings.HasPrefix(name, "Access-Control-") {
			u.Header().Del(name)
		}
	}
	u.ResponseWriter.WriteHeader(status)
}

func (u *unshared) Write(p []byte) (int, error) {
	if !u.begun {
		u.WriteHeader(http.StatusOK)
	}
	return u.ResponseWriter.Write(p)
}

// Unwrap gives http.ResponseController the connection.
func (u *unshared) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// keys are what the sandbox's clients prove themselves with. They are drawn for each state folder and kept in it, so that
// what a client began goes on after a restart; without a folder of one's own, that is for each run.
type keys struct {
	Services     map[string]string `json:"services"`
	BucketAccess string            `json:"bucket_access"`
	BucketSecret string            `json:"bucket_secret"`
}

// openKeys reads the keys, drawing those that are missing.
func (s *Sandbox) openKeys() error {
	if _, err := s.store.get(metaBucket, "keys", &s.keys); err != nil {
		return err
	}
	if s.keys.Services == nil {
		s.keys.Services = map[string]string{}
	}
	for _, svc := range s.services {
		if s.keys.Services[svc.name()] == "" {
			s.keys.Services[svc.name()] = "sandbox-" + svc.name() + "-" + hex.EncodeToString(randomBytes(16))
		}
	}
	if s.keys.BucketSecret == "" {
		s.keys.BucketAccess = "sandbox-" + hex.EncodeToString(randomBytes(8))
		s.keys.BucketSecret = hex.EncodeToString(randomBytes(20))
	}
	return s.store.put(metaBucket, "keys", s.keys)
}
