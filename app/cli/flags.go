// The table of all flags.

package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"github.com/maquette-studio/maquette/app/settings"
)

// flag is a flag as it is declared. Commands list those that they have.
type flag struct {
	name  string
	takes string // what its value is, such as "DIR", or "curl|command" for a choice; "" for a flag that is on or off
	help  string
	many  bool   // may be given more than once
	needs bool   // the command can't do without it
	oneOf bool   // one of those that stand together in a command's list
	after string // the flag that it belongs to: it stands behind it
	// value is where it goes: a *bool, *string, *[]string or pflag.Value.
	value func(*values) any
}

// values are what the flags were given.
type values struct {
	demo, json, wait bool
	data             string

	sets               []string
	photos             photoList
	dataset, out, form string
	consent, noWait    bool
	search             string
	adopt              string
	resubmit, giveUp   bool
	goOn               bool
	all, originals     bool
	yes, repair        bool
	listen, state      string
	faults             []string
	bucket             settings.Bucket
	sessionToken       bool
	version            bool
	address, port      string
	cloudflared        bool
}

// everywhere are the flags that any command has.
func everywhere() []flag { return []flag{demoFlag, dataFlag, jsonFlag, waitFlag} }

var (
	demoFlag = flag{name: "demo", help: "work with the built-in sandbox: no key, no network, no cost", value: func(v *values) any { return &v.demo }}
	dataFlag = flag{name: "data", takes: "DIR", help: "where everything is kept, instead of MAQUETTE_DATA or the system's own place", value: func(v *values) any { return &v.data }}
	jsonFlag = flag{name: "json", help: "print one JSON object a line", value: func(v *values) any { return &v.json }}

	waitFlag = flag{name: "wait", help: "wait for the data directory instead of ending with exit code 4", value: func(v *values) any { return &v.wait }}

	setFlag     = flag{name: "set", takes: "k=v", many: true, help: "a field's value; “maquette services” lists the fields, lists are JSON", value: func(v *values) any { return &v.sets }}
	photoFlag   = flag{name: "photo", takes: "F", many: true, help: "a photo, or a folder of photos, with its caption beside it: photo.txt, photo.caption, photo.json, metadata.jsonl …", value: func(v *values) any { return photoValue{&v.photos} }}
	captionFlag = flag{name: "caption", takes: "TEXT", after: "photo", help: "the caption of the photo before it, whatever lies beside the file", value: func(v *values) any { return captionValue{&v.photos} }}
	datasetFlag = flag{name: "dataset", takes: "D", help: "train on this dataset, by name or id, instead of on --photo", value: func(v *values) any { return &v.dataset }}
	consentFlag = flag{name: "consent", help: "state that you may use the photos, and that whoever they show agrees to the training; it is recorded", value: func(v *values) any { return &v.consent }}
	outFlag     = flag{name: "out", takes: "DIR", help: "copy results into this folder; it is made if need be", value: func(v *values) any { return &v.out }}
	noWaitFlag  = flag{name: "no-wait", help: "return once the service has accepted the job; “maquette jobs resume” goes on", value: func(v *values) any { return &v.noWait }}
	printFlag   = flag{name: "print", takes: "curl|command", help: "send nothing: print what would be sent, as curl or as a command of Maquette's own", value: func(v *values) any { return &v.form }}

	resubmitFlag = flag{name: "resubmit", oneOf: true, help: "send the request again; it may be charged twice", value: func(v *values) any { return &v.resubmit }}
	adoptFlag    = flag{name: "adopt", takes: "REMOTE", oneOf: true, help: "go on with this job of the service", value: func(v *values) any { return &v.adopt }}
	goOnFlag     = flag{name: "go-on", oneOf: true, help: "go on as it is, where the job asks before it pays", value: func(v *values) any { return &v.goOn }}
	giveUpFlag   = flag{name: "give-up", oneOf: true, help: "send nothing; the job has failed", value: func(v *values) any { return &v.giveUp }}
	allFlag      = flag{name: "all", help: "import every job that is listed", value: func(v *values) any { return &v.all }}

	repairFlag = flag{name: "repair", help: "mend what can be mended, at no cost: from backups and from the services; move the rest aside", value: func(v *values) any { return &v.repair }}

	yesFlag = flag{name: "yes", help: "do it; without, only what would happen is said", value: func(v *values) any { return &v.yes }}

	searchFlag    = flag{name: "search", takes: "Q", help: "only pictures whose prompt, model, service and task hold all of these words", value: func(v *values) any { return &v.search }}
	originalsFlag = flag{name: "originals", help: "the files as they came in, instead of edited copies without metadata", value: func(v *values) any { return &v.originals }}

	endpointFlag  = flag{name: "endpoint", takes: "URL", needs: true, help: "the store's address", value: func(v *values) any { return &v.bucket.Endpoint }}
	bucketFlag    = flag{name: "bucket", takes: "NAME", help: "the bucket's name, unless the endpoint holds it", value: func(v *values) any { return &v.bucket.Name }}
	accessKeyFlag = flag{name: "access-key", takes: "ID", needs: true, help: "the id of the access key; its secret comes on standard input", value: func(v *values) any { return &v.bucket.AccessKey }}
	regionFlag    = flag{name: "region", takes: "R", help: "the store's region, if it has any", value: func(v *values) any { return &v.bucket.Region }}
	sessionFlag   = flag{name: "session-token", help: "the keys are temporary: their session token comes on a second line of standard input", value: func(v *values) any { return &v.sessionToken }}
	publicURLFlag = flag{name: "public-url", takes: "URL", help: "the address under which anyone can read the bucket; without it links are signed", value: func(v *values) any { return &v.bucket.PublicURL }}

	versionFlag     = flag{name: "version", help: "say which version this is, of which commit, built with which Go for which platform", value: func(v *values) any { return &v.version }}
	addressFlag     = flag{name: "address", takes: "URL", help: "the public https address that leads to this computer", value: func(v *values) any { return &v.address }}
	portFlag        = flag{name: "port", takes: "PORT", help: "the port here that it hands requests on to, or HOST:PORT where they come from another computer", value: func(v *values) any { return &v.port }}
	cloudflaredFlag = flag{name: "cloudflared", help: "have an installed cloudflared give an address, without an account", value: func(v *values) any { return &v.cloudflared }}

	listenFlag = flag{name: "listen", takes: "ADDR", help: "the address to listen at, such as 127.0.0.1:8080", value: func(v *values) any { return &v.listen }}
	stateFlag  = flag{name: "state", takes: "DIR", help: "where the sandbox keeps its state; without it, nowhere for long", value: func(v *values) any { return &v.state }}
	faultFlag  = flag{name: "fault", takes: "RULE", many: true, help: "misbehave, such as “luma POST /generations/image: status 503 x1”", value: func(v *values) any { return &v.faults }}
)

// needed is the flag in a command that can't do without it.
func needed(f flag) flag {
	f.needs = true
	return f
}

// add makes a flag set read the flag.
func (f flag) add(set *pflag.FlagSet, v *values) {
	switch value := f.value(v).(type) {
	case *bool:
		set.BoolVar(value, f.name, false, f.help)
	case *string:
		set.StringVar(value, f.name, "", f.help)
	case *[]string:
		set.StringArrayVar(value, f.name, nil, f.help)
	case pflag.Value:
		set.Var(value, f.name, f.help)
	}
}

// spelling is the flag with its value, such as "--out DIR".
func (f flag) spelling() string {
	return strings.TrimSpace("--" + f.name + " " + f.takes)
}
