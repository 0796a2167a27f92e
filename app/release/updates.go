// The look for a newer release, made only when a person asks for it.

package release

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/maquette-studio/maquette/providers"
	"github.com/maquette-studio/maquette/providers/network"
)

const (
	// latest is the newest release that is no draft and no trial, as
	// https://docs.github.com/en/rest/releases/releases#get-the-latest-release
	// has it.
	latest = "https://api.github.com/repos/maquette-studio/maquette/releases/latest"
	// AddressVariable names another address that answers as latest does: a
	// mirror, or a test's.
	AddressVariable = "MAQUETTE_UPDATES_URL"

	patience    = 15 * time.Second
	mostBytes   = 1 << 20
	mostVersion = 40 // characters
)

// Found is what the look for a newer release found.
type Found struct {
	Asked   string // the address that was asked
	Running string
	Latest  string // "" where nothing was released yet
	Newer   bool   // Latest is newer than Running
	Page    string // where releases are to be had
}

// Look asks once which release is the newest, for at most 15 seconds and
// 1 MiB. Nothing but the request for the address leaves: no key, no id, no
// version. env reads the environment. Errors are sentences for people.
func Look(ctx context.Context, env func(string) string) (Found, error) {
	found := Found{Asked: cmp.Or(env(AddressVariable), latest), Running: Version, Page: Site + "/releases"}
	address, err := url.Parse(found.Asked)
	if err != nil || address.Scheme != "https" && address.Scheme != "http" || address.Host == "" || address.User != nil {
		return found, providers.Errorf("%s holds no web address.", AddressVariable)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tag, err := ask(ctx, found.Asked)
	if err != nil {
		return found, err
	}
	found.Latest = tag
	found.Newer = tag != "" && compare(tag, Version) > 0
	return found, nil
}

// ask is the newest release's name, "" for none.
func ask(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", providers.Errorf("%s holds no web address.", AddressVariable)
	}
	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("User-Agent", "Maquette") // which the site's interface asks for
	transport := network.Here().NewTransport(network.Options{HeaderTimeout: patience, Once: true})
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return errors.New("too many redirects")
		}
		return nil
	}}
	response, err := client.Do(request)
	if err != nil {
		return "", unreachable(ctx, request.URL.Host, err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return read(ctx, request.URL.Host, response)
	case http.StatusNotFound:
		return "", nil
	case http.StatusForbidden, http.StatusTooManyRequests:
		return "", providers.Errorf("%s answers no more questions from this network for now. Try again in an hour.", request.URL.Host)
	}
	return "", providers.Errorf("%s answered with status %d. Try again later, or look at %s.", request.URL.Host, response.StatusCode, Site+"/releases")
}

func unreachable(ctx context.Context, host string, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return providers.Errorf("%s didn't answer within %d seconds. Try again later.", host, int(patience.Seconds()))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if broken, ok := errors.AsType[*url.Error](err); ok {
		err = broken.Err // without the address once more
	}
	return providers.Errorf("%s could not be reached: %v", host, err)
}

func read(ctx context.Context, host string, response *http.Response) (string, error) {
	unreadable := providers.Errorf("%s answered with something else than a release. Look at %s.", host, Site+"/releases")
	body, err := network.Decode(response.Header, response.Body)
	if err != nil {
		return "", unreadable
	}
	text, err := io.ReadAll(io.LimitReader(body, mostBytes+1))
	if err != nil {
		return "", unreachable(ctx, host, err)
	}
	var answer struct {
		Tag string `json:"tag_name"`
	}
	if len(text) > mostBytes || json.Unmarshal(text, &answer) != nil || len(answer.Tag) > mostVersion || !versionName.MatchString(answer.Tag) {
		return "", unreadable
	}
	return strings.TrimPrefix(answer.Tag, "v"), nil
}

// versionName is how releases are named: v1.2.3, or v1.2.3-rc.1 for a trial.
var versionName = regexp.MustCompile(`^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(-[0-9A-Za-z.-]+)?$`)

// compare is below, above or 0 as version a comes before or after b. A trial
// comes before its release, and of two the texts are compared.
func compare(a, b string) int {
	partsOfA, partsOfB := versionName.FindStringSubmatch(a), versionName.FindStringSubmatch(b)
	for i := 1; i <= 3; i++ {
		numberOfA, _ := strconv.Atoi(partsOfA[i]) // versionName has seen to it that these are numbers
		numberOfB, _ := strconv.Atoi(partsOfB[i])
		if by := cmp.Compare(numberOfA, numberOfB); by != 0 {
			return by
		}
	}
	trialA, trialB := partsOfA[4], partsOfB[4]
	if (trialA == "") != (trialB == "") {
		return cmp.Compare(len(trialB), len(trialA))
	}
	return cmp.Compare(trialA, trialB)
}

// Sentence says what was found, and what was asked for it.
func (f Found) Sentence() providers.Sentence {
	switch {
	case f.Latest == "":
		return providers.Say("No release of Maquette is published yet; this is %s. Asked: %s", f.Running, shown(f.Asked))
	case f.Newer:
		return providers.Say("Maquette %s is out; this is %s. It is to be had at %s. Asked: %s", f.Latest, f.Running, f.Page, shown(f.Asked))
	}
	return providers.Say("This is %s, and the newest release is %s. Asked: %s", f.Running, f.Latest, shown(f.Asked))
}

// shown is an address without what may be secret in it.
func shown(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}
