// Fault rules: how the sandbox is told to misbehave.

package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is one parsed rule.
type Fault struct {
	service, method, prefix string
	act                     action
	times, after            int // times 0: always
}

// action is what happens to a matching request. Its fields beyond kind depend on the kind.
type action struct {
	kind       string
	service    string
	status     int
	retryAfter int // seconds
	most       int // requests a minute and endpoint that pass
	stall      time.Duration
	target     string
}

// ParseFault reads a rule:
//
//	SERVICE[ METHOD][ PATHPREFIX]: ACTION[ xN][ afterN]
//
// SERVICE is a service's name, "bucket", or "assets" (downloads of results and models). PATHPREFIX
// starts with a slash and is relative to the service's base URL; for assets it follows /assets, such as
// /luma or /dreamlook/models; for the bucket it holds the bucket's name. xN applies the rule to N
// requests and then never again; afterN lets the first N matching requests pass. Of several matching rules the
// first still in force applies. ACTION is one of
//
//	status CODE             answer that status, with a body such as the service's, without doing anything
//	status 429 retry-after 2   the same with a Retry-After header, in seconds
//	limit 10                do the work, but answer 429 to more requests than that within a minute at one
//	                        endpoint, whatever ids are in its path; the minute is as long as Config.Pace makes it
//	limit 10 retry-after 2  the same with a Retry-After header
//	reset                   reset the connection without doing anything
//	lost                    do the work, then reset: accepted but unanswered
//	stall 5s                do the work, answer that much later
//	cut                     do the work, send half of the answer's body and close
//	garble                  do the work, send random bytes instead of the body
//	html                    do nothing, answer 200 with an HTML page
//	null                    do nothing, answer 200 with the JSON null
//	redirect URL            do nothing, answer 307 to that URL
//	endless                 do nothing, answer 200 with a body that doesn't end (1 GiB at most)
//
// Example: "luma POST /generations/image: lost x1". An error names what is wrong with the rule.
func ParseFault(rule string) (Fault, error) {
	f, err := parseFault(rule)
	if err != nil {
		return Fault{}, fmt.Errorf("fault rule %q: %w", rule, err)
	}
	return f, nil
}

func parseFault(rule string) (Fault, error) {
	where, what, ok := strings.Cut(rule, ": ")
	if !ok {
		return Fault{}, fmt.Errorf(`no ": " between where and what`)
	}
	f, err := parseWhere(strings.Fields(where))
	if err != nil {
		return Fault{}, err
	}
	words := strings.Fields(what)
	words, f.after, err = trailingCount(words, "after")
	if err != nil {
		return Fault{}, err
	}
	words, f.times, err = trailingCount(words, "x")
	if err != nil {
		return Fault{}, err
	}
	f.act, err = parseAction(words)
	f.act.service = f.service
	return f, err
}

func parseWhere(words []string) (Fault, error) {
	known := []string{"bucket", "assets"}
	for _, svc := range services() {
		known = append(known, svc.name())
	}
	if len(words) == 0 || !slices.Contains(known, words[0]) {
		return Fault{}, fmt.Errorf("the service has to be one of %s", strings.Join(known, ", "))
	}
	f := Fault{service: words[0]}
	words = words[1:]
	if len(words) > 0 && !strings.HasPrefix(words[0], "/") {
		methods := []string{"GET", "HEAD", "POST", "PUT", "DELETE"}
		if !slices.Contains(methods, words[0]) {
			return Fault{}, fmt.Errorf("%q is neither a method (%s) nor a path starting with /", words[0], strings.Join(methods, ", "))
		}
		f.method, words = words[0], words[1:]
	}
	if len(words) > 0 {
		f.prefix, words = words[0], words[1:]
		if !strings.HasPrefix(f.prefix, "/") {
			return Fault{}, fmt.Errorf("the path %q doesn't start with /", f.prefix)
		}
	}
	if len(words) > 0 {
		return Fault{}, fmt.Errorf("%q is too much before the colon", words[0])
	}
	return f, nil
}

// trailingCount takes a last word such as x3 or after2 off words.
func trailingCount(words []string, name string) ([]string, int, error) {
	if len(words) < 2 {
		return words, 0, nil
	}
	digits, ok := strings.CutPrefix(words[len(words)-1], name)
	if !ok {
		return words, 0, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return nil, 0, fmt.Errorf("%q isn't %s and a positive whole number", words[len(words)-1], name)
	}
	return words[:len(words)-1], n, nil
}

func parseAction(words []string) (action, error) {
	if len(words) == 0 {
		return action{}, fmt.Errorf("no action after the colon")
	}
	a, args := action{kind: words[0]}, words[1:]
	var err error
	switch a.kind {
	case "reset", "lost", "cut", "garble", "html", "null", "endless":
	case "status":
		return parseStatus(args)
	case "limit":
		return parseLimit(args)
	case "stall":
		if len(args) == 0 {
			return a, fmt.Errorf("stall needs a duration such as 5s")
		}
		if a.stall, err = time.ParseDuration(args[0]); err != nil || a.stall <= 0 {
			return a, fmt.Errorf("%q is no positive duration such as 5s", args[0])
		}
		args = args[1:]
	case "redirect":
		if len(args) == 0 {
			return a, fmt.Errorf("redirect needs a URL")
		}
		if u, err := url.Parse(args[0]); err != nil || u.Host == "" {
			return a, fmt.Errorf("%q is no absolute URL", args[0])
		}
		a.target, args = args[0], args[1:]
	default:
		return a, fmt.Errorf("unknown action %q: want status, limit, reset, lost, stall, cut, garble, html, null, redirect or endless", a.kind)
	}
	if len(args) > 0 {
		return a, fmt.Errorf("%q is too much after %s", args[0], a.kind)
	}
	return a, nil
}

func parseStatus(args []string) (action, error) {
	a := action{kind: "status"}
	if len(args) == 0 {
		return a, fmt.Errorf("status needs a code such as 503")
	}
	var err error
	if a.status, err = strconv.Atoi(args[0]); err != nil || a.status < 200 || a.status > 599 {
		return a, fmt.Errorf("%q is no HTTP status from 200 to 599", args[0])
	}
	a.retryAfter, err = parseRetryAfter(args[1:], "status")
	return a, err
}

func parseLimit(args []string) (action, error) {
	a := action{kind: "limit", status: http.StatusTooManyRequests}
	if len(args) == 0 {
		return a, fmt.Errorf("limit needs a number of requests a minute such as 10")
	}
	var err error
	if a.most, err = strconv.Atoi(args[0]); err != nil || a.most < 1 {
		return a, fmt.Errorf("%q is no positive whole number of requests", args[0])
	}
	a.retryAfter, err = parseRetryAfter(args[1:], "limit")
	return a, err
}

// parseRetryAfter reads what may follow a status or a limit.
func parseRetryAfter(args []string, after string) (int, error) {
	if len(args) == 0 {
		return 0, nil
	}
	if args[0] != "retry-after" || len(args) != 2 {
		return 0, fmt.Errorf("only retry-after and a number of seconds may follow the %s", after)
	}
	seconds, err := strconv.Atoi(args[1])
	if err != nil || seconds < 0 {
		return 0, fmt.Errorf("%q is no whole number of seconds", args[1])
	}
	return seconds, nil
}

// faults are the rules in force.
type faults struct {
	mu    sync.Mutex
	rules []*Fault
	left  map[*Fault]int // applications left, for rules with times
}

func parseFaults(rules []string) (*faults, error) {
	all := &faults{left: map[*Fault]int{}}
	for _, rule := range rules {
		f, err := ParseFault(rule)
		if err != nil {
			return nil, err
		}
		all.add(f)
	}
	return all, nil
}

func (fs *faults) add(f Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.rules = append(fs.rules, &f)
	fs.left[&f] = f.times
}

// match returns the action for a request and uses the rule up by one; nil when none applies.
func (fs *faults) match(service, method, path string) *action {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.rules {
		if f.service != service || (f.method != "" && f.method != method) || !strings.HasPrefix(path, f.prefix) {
			continue
		}
		if f.after > 0 {
			f.after--
			continue
		}
		if f.times > 0 {
			if fs.left[f] == 0 {
				continue
			}
			fs.left[f]--
		}
		return &f.act
	}
	return nil
}

// faulty lets the rules for a service act on its requests.
func (s *Sandbox) faulty(service, base string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		act := s.faults.match(service, r.Method, strings.TrimPrefix(r.URL.Path, base))
		if act != nil && act.kind == "limit" && s.limits.take(act, r, s.now(), time.Duration(float64(time.Minute)*s.pace)) {
			act = nil
		}
		if act == nil {
			next.ServeHTTP(w, r)
			return
		}
		act.apply(w, r, next)
	})
}
