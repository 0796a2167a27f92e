// The table of all commands. A new command is one row, and one function in the
// file of what it is about.

package cli

import "context"

// declaration is a command as it is declared.
type declaration struct {
	name     string   // "jobs resolve"; "" is the window
	args     string   // what stands behind it: "TASK", "[ID]", "SERVICE [ID...]"
	does     string   // one line
	about    string   // what else there is to know
	flags    []flag   // beside those that any command has
	reach    reach    // what it does with the data directory
	examples []string // without “maquette”
	// run does it; nil in a row that only holds other commands together.
	run func(*command, context.Context, []string) error
}

// reach is how far a command goes. One that another process carries out, which
// has the data directory, is treated by it.
type reach int

const (
	nowhere reach = iota // it needs no data directory
	reads                // what it does can be done again
	changes              // it changes what is kept
	starts               // as reads, but it starts jobs or goes on with them
	asks                 // it asks a service, or decides about a job
)

func commands() []declaration {
	return []declaration{
		{
			name: "", args: "[PATH...]", run: (*command).window, reach: reads,
			flags: []flag{versionFlag},
			does:  "opens the window",
			about: "Files and folders are added to the photos of the Train tab. Where the window is open already, it comes to the front and takes them. " +
				"A command's name wins over a file of that name: write ./jobs.",
			examples: []string{"", "--demo", "--version", "./photo.jpg photos/"},
		},
		{
			name: "services", run: (*command).services,
			does:     "lists services, their tasks and calls and every field",
			about:    "Nothing is asked of any service: this is what Maquette knows about them.",
			examples: []string{"services", "services --json"},
		},
		{
			name: "run", args: "TASK", run: (*command).run, reach: starts,
			flags: []flag{setFlag, photoFlag, captionFlag, datasetFlag, consentFlag, outFlag, noWaitFlag, printFlag},
			does:  "starts a job and waits for its results",
			about: "A training takes photos: --photo for files and folders, each with a --caption of its own if need be, or --dataset. " +
				"A field that takes a picture takes a local file, a picture's id or an https address. " +
				"Everything is checked before anything is sent. An interrupted command loses nothing: “maquette jobs resume” goes on. " +
				"“maquette run TASK --help” lists the task's fields.",
			examples: []string{
				"run luma/image --set 'prompt=a paper fox on a hill' --set count=4 --out pictures",
				"run dreamlook/dreambooth --photo photos/ --consent --set 'instance_prompt=photo of ukj fox'",
				`run luma/image --set 'prompt=a fox like this' --set 'image_ref=[{"image":"fox.jpg","weight":0.8}]'`,
				"run luma/image --set 'prompt=a paper fox' --print curl",
			},
		},
		{
			name: "call", args: "SERVICE/CALL", run: (*command).call, reach: asks,
			flags:    []flag{setFlag, consentFlag, printFlag},
			does:     "makes one of a service's calls and prints its answer",
			about:    "Calls are answered at once and make no job. “maquette call SERVICE/CALL --help” lists the call's fields. A call that trains, or uploads photos for that, takes --consent.",
			examples: []string{"call luma/credits", "call luma/generations --set limit=10", "call bria/projects --print curl"},
		},
		{name: "jobs", does: "lists jobs and goes on with them"},
		{
			name: "jobs list", run: (*command).listJobs, reach: reads,
			does:     "lists jobs, the newest first",
			examples: []string{"jobs list", "jobs list --json"},
		},
		{
			name: "jobs show", args: "ID", run: (*command).showJob, reach: reads,
			does:     "shows a job: its state, its results or what went wrong",
			examples: []string{"jobs show ID", "jobs show ID --json"},
		},
		{
			name: "jobs resume", args: "[ID]", run: (*command).resume, reach: starts,
			flags: []flag{outFlag},
			does:  "goes on with a job, or with all, and waits for the results",
			about: "Nothing is paid twice. About a job that needs you the service is asked once more.",
			examples: []string{
				"jobs resume", "jobs resume ID --out pictures",
			},
		},
		{
			name: "jobs cancel", args: "ID", run: (*command).cancelJob, reach: asks,
			does:     "cancels a job and says what that does at the service",
			examples: []string{"jobs cancel ID"},
		},
		{
			name: "jobs pause", run: (*command).pauseJobs, reach: changes,
			does: "sends and uploads nothing new",
			about: "Until “maquette jobs unpause”, or the button in the window, over restarts too. What is on its way goes on; " +
				"what a service has accepted is watched and its results are fetched. New jobs wait as “queued (paused)”.",
			examples: []string{"jobs pause"},
		},
		{
			name: "jobs unpause", run: (*command).unpauseJobs, reach: changes,
			does:     "ends the pause",
			about:    "Jobs that wait go on where Maquette is open, or by “maquette jobs resume”.",
			examples: []string{"jobs unpause"},
		},
		{
			name: "jobs retry", args: "ID", run: (*command).retryJob, reach: asks,
			flags:    []flag{outFlag},
			does:     "tries a failed or cancelled job again",
			about:    "What is paid already goes on; otherwise it is a new job.",
			examples: []string{"jobs retry ID"},
		},
		{
			name: "jobs resolve", args: "ID", run: (*command).resolveJob, reach: asks,
			flags: []flag{resubmitFlag, adoptFlag, goOnFlag, giveUpFlag, outFlag},
			does:  "decides about a job that needs you",
			about: "Such a job's request may or may not have reached the service, and only you can find out. " +
				"“maquette jobs show ID” says which jobs of the service it could be. " +
				"A request whose answer was lost is looked for up to ten minutes before it is sent again by itself, since it may still arrive. " +
				"--resubmit sends it at once: should the first arrive after all, both are charged. " +
				"A job that asks before anything is paid, because captions are missing, goes on with --go-on.",
			examples: []string{"jobs resolve ID --adopt REMOTE", "jobs resolve ID --resubmit", "jobs resolve ID --give-up"},
		},
		{
			name: "jobs import", args: "SERVICE [ID...]", run: (*command).importJobs, reach: asks,
			flags:    []flag{allFlag, outFlag},
			does:     "lists or imports jobs that only the service knows",
			about:    "Without ids they are listed. With ids, or --all, they are imported with their pictures and models, and nothing is paid.",
			examples: []string{"jobs import luma", "jobs import luma ID", "jobs import luma --all"},
		},
		{name: "models", does: "lists, downloads and forgets trained models"},
		{
			name: "models list", run: (*command).listModels, reach: reads,
			does:     "lists trained models",
			examples: []string{"models list", "models list --json"},
		},
		{
			name: "models download", args: "ID", run: (*command).downloadModel, reach: asks,
			flags:    []flag{outFlag},
			does:     "downloads a model's file and prints where it is",
			examples: []string{"models download ID --out models"},
		},
		{
			name: "models forget", args: "ID", run: (*command).forgetModel, reach: changes,
			does:     "removes a model and its file from this computer",
			examples: []string{"models forget ID"},
		},
		{name: "datasets", does: "lists, imports and exports photos with their captions"},
		{
			name: "datasets list", run: (*command).listDatasets, reach: reads,
			does:     "lists datasets",
			examples: []string{"datasets list", "datasets list --json"},
		},
		{
			name: "datasets import", args: "FOLDER", run: (*command).importDataset, reach: changes,
			does: "makes a dataset of a folder's photos",
			about: "The caption of photo.jpg is read from photo.txt, photo.caption or photo.jpg.txt beside it, else from photo.json, else from a file that lists " +
				"the folder's photos: metadata.jsonl, metadata.csv, captions.json and the like, as kohya's scripts, OneTrainer, taggui, ai-toolkit and Hugging Face write them.",
			examples: []string{"datasets import photos/"},
		},
		{
			name: "datasets export", args: "D", run: (*command).exportDataset, reach: reads,
			flags:    []flag{needed(outFlag), originalsFlag},
			does:     "writes a dataset into a folder: photo.jpg with its caption in photo.txt",
			about:    "D is a dataset's name or id.",
			examples: []string{"datasets export foxes --out foxes", "datasets export foxes --out foxes --originals"},
		},
		{name: "remote", does: "lists and changes what lies at Bria"},
		{
			name: "remote list", run: (*command).listRemote, reach: asks,
			does:     "lists projects with their datasets and models",
			examples: []string{"remote list", "remote list --json"},
		},
		{
			name: "remote images", args: "DATASET", run: (*command).remoteImages, reach: asks,
			does:     "lists a dataset's pictures with their captions",
			about:    "DATASET is the service's id, as “maquette remote list” shows it.",
			examples: []string{"remote images 12", "remote images 12 --json"},
		},
		{
			name: "remote upload", args: "DATASET", run: (*command).uploadRemote, reach: asks,
			flags: []flag{photoFlag, captionFlag, consentFlag},
			does:  "adds photos to a dataset",
			about: "Copies leave without metadata. None is added twice: what an earlier upload left is found or goes on, also without --photo. " +
				"Captions are sent once Bria has written its own: “maquette remote captions”.",
			examples: []string{"remote upload 12 --photo photos/ --consent", "remote upload 12"},
		},
		{
			name: "remote captions", args: "DATASET", run: (*command).captionRemote, reach: asks,
			flags:    []flag{setFlag},
			does:     "waits for a dataset's captions and sends those that are yours",
			about:    "--set takes a picture's id and its caption; an empty one takes away what is there. One sent while Bria still writes its own would be replaced, so it waits.",
			examples: []string{"remote captions 12", "remote captions 12 --set '345=a paper fox in the snow'"},
		},
		{
			name: "remote delete", args: "KIND/ID", run: (*command).deleteRemote, reach: asks,
			flags:    []flag{yesFlag},
			does:     "says what goes with a project, dataset or model and, with --yes, deletes it",
			examples: []string{"remote delete dataset/12", "remote delete project/3 --yes"},
		},
		{name: "consents", does: "lists the recorded statements of consent"},
		{
			name: "consents list", run: (*command).listConsents, reach: reads,
			does: "lists who stated when which photos may be trained on, the newest first",
			about: "Each is recorded before a request leaves that trains on photos which may show a person, or uploads photos for that. " +
				"The photos are named by their SHA-256 and their files' names.",
			examples: []string{"consents list", "consents list --json"},
		},
		{name: "images", does: "lists and exports pictures"},
		{
			name: "images list", run: (*command).listImages, reach: reads,
			flags:    []flag{searchFlag},
			does:     "lists pictures, the newest first",
			examples: []string{"images list", "images list --search 'paper fox' --json"},
		},
		{
			name: "images export", args: "ID", run: (*command).exportImage, reach: reads,
			flags:    []flag{needed(outFlag)},
			does:     "copies a picture into a folder under a readable name",
			examples: []string{"images export ID --out pictures"},
		},
		{name: "keys", does: "keeps and checks the services' keys"},
		{
			name: "keys set", args: "SERVICE", run: (*command).setKey, reach: changes,
			does:     "keeps a service's key in the system's keyring",
			about:    "The key comes on standard input, never as an argument. At a terminal it is asked for and not shown.",
			examples: []string{"keys set luma", "keys set luma < key.txt"},
		},
		{
			name: "keys check", args: "SERVICE", run: (*command).checkKey, reach: asks,
			does:     "asks the service whether the key is good",
			examples: []string{"keys check luma"},
		},
		{
			name: "keys delete", args: "SERVICE", run: (*command).deleteKey, reach: changes,
			does:     "removes a service's key from the system's keyring",
			examples: []string{"keys delete luma"},
		},
		{name: "place", does: "chooses and checks where services fetch photos from"},
		{
			name: "place set", args: "bucket|computer", run: (*command).setPlace, reach: changes,
			flags: []flag{addressFlag, portFlag, cloudflaredFlag},
			does:  "has photos lie in the bucket, or served by this computer",
			about: "This computer serves copies without metadata, under unguessable names, while a job needs them and Maquette runs. It is reached " +
				"at an address that you have (a reverse proxy, Tailscale Funnel, ngrok), or at one that an installed cloudflared gets, which is another one " +
				"at each start. Services call back at it too. Nothing is paid before the address was seen to lead here.",
			examples: []string{"place set computer --cloudflared", "place set computer --address https://me.example.com --port 8711", "place set bucket"},
		},
		{
			name: "place check", run: (*command).checkPlace, reach: asks,
			does:     "tries what jobs do with the place, with small files",
			examples: []string{"place check"},
		},
		{name: "bucket", does: "sets up and checks the bucket that photos are hosted in"},
		{
			name: "bucket set", run: (*command).setBucket, reach: changes,
			flags: []flag{endpointFlag, bucketFlag, accessKeyFlag, regionFlag, publicURLFlag, sessionFlag},
			does:  "keeps where the bucket is, and its secret in the system's keyring",
			about: "The secret comes on standard input, never as an argument. At a terminal it is asked for and not shown.",
			examples: []string{
				"bucket set --endpoint https://ACCOUNT.r2.cloudflarestorage.com --region auto --bucket photos --access-key ID < secret.txt",
			},
		},
		{
			name: "bucket create", run: (*command).createBucket, reach: asks,
			does: "creates the bucket that is set, private and with a rule that deletes copies",
			about: "Each step says what it did, or that the keys may not and what to do at the provider. A bucket that is there stays as it is. " +
				"The rule deletes only what Maquette put there, after two days; models that services deliver stay.",
			examples: []string{"bucket create"},
		},
		{
			name: "bucket check", run: (*command).checkBucket, reach: asks,
			does:     "tries what each service's jobs do with the bucket, with small files",
			examples: []string{"bucket check"},
		},
		{
			name: "bucket delete", run: (*command).deleteBucket, reach: changes,
			does:     "forgets the bucket; what lies in it stays",
			examples: []string{"bucket delete"},
		},
		{
			name: "check", run: (*command).check, reach: reads,
			flags: []flag{repairFlag},
			does:  "verifies all that is kept: records, pictures, photos, models, thumbnails, backups",
			about: "With --repair, records come back from backups, and pictures and models from the services that made them, where they still have them. " +
				"A damaged database is replaced by its newest good backup, and pictures without records come back from their files. " +
				"What can't be mended lies in the data directory's folder “quarantine”; nothing is deleted. " +
				"It ends with 0 when all is well or was repaired, with 1 when damage remains.",
			examples: []string{"check", "check --repair", "check --json"},
		},
		{
			name: "paths", run: (*command).whereAll,
			does: "says where everything lies: data, backups, pictures, models, keys, crash reports",
			about: "Nothing is opened or made. A report of a crash holds names of functions and lines of code, no values; the newest ten are kept. " +
				"It is made at the start after the crash, and told there.",
			examples: []string{"paths", "paths --json"},
		},
		{
			name: "updates", run: (*command).lookForUpdates,
			does: "asks the project's site whether there is a newer Maquette",
			about: "It is never asked by itself. One request leaves, without a key, an id or this version; the answer says which address was asked. " +
				"MAQUETTE_UPDATES_URL names another address that answers as GitHub's “latest release” does.",
			examples: []string{"updates", "updates --json"},
		},
		{
			name: "sandbox", run: (*command).sandbox,
			flags:    []flag{listenFlag, stateFlag, faultFlag},
			does:     "runs the simulated services in the foreground",
			about:    "What it prints can be exported: the services' addresses and keys, and the bucket's.",
			examples: []string{"sandbox", "sandbox --state sandbox --fault 'luma POST /generations/image: status 503 x1'"},
		},
		{
			name: "completion", args: "bash|zsh|fish", run: (*command).completion,
			does: "prints a script that completes commands in a shell",
			about: "It completes commands, flags, tasks, calls, services and the fields of --set. " +
				"Bash needs the package bash-completion. In zsh, put it into a file “_maquette” in a folder of $fpath.",
			examples: []string{
				"completion bash > ~/.local/share/bash-completion/completions/maquette",
				"completion zsh > ~/.zfunc/_maquette",
				"completion fish > ~/.config/fish/completions/maquette.fish",
			},
		},
		{
			name: "man", run: (*command).man,
			does:     "prints the manual page for man",
			about:    "Packages put it where man finds it.",
			examples: []string{"man > maquette.1"},
		},
		{
			name: "help", args: "[COMMAND...]", run: (*command).help,
			does:     "explains a command",
			examples: []string{"help", "help jobs resolve", "help run luma/image"},
		},
	}
}

// find is the command of that name, such as "jobs resolve".
func find(name string) (declaration, bool) {
	for _, d := range commands() {
		if d.name == name {
			return d, true
		}
	}
	return declaration{}, false
}
