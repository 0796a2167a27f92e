// osascript, which every macOS has. What a person or a file is called never
// becomes part of the script: it is handed over as arguments.

package filedialog

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// separator stands between paths: no file manager lets it into a name.
const separator = "\x1f"

// The scripts take the title, the folder, the name and then the extensions; ""
// for none. What a person cancels answers with nothing.
const (
	scriptHead = `on run argv
activate
set theTitle to item 1 of argv
set theFolder to item 2 of argv
set theName to item 3 of argv
set theTypes to {}
if (count of argv) > 3 then set theTypes to items 4 thru -1 of argv
try
`
	scriptTail = `
on error number -128
return ""
end try
end run`

	filesScript = scriptHead + `if theFolder is "" then
set chosen to choose file with prompt theTitle of type theTypes with multiple selections allowed
else
set chosen to choose file with prompt theTitle of type theTypes default location (POSIX file theFolder) with multiple selections allowed
end if
set told to {}
repeat with one in chosen
set end of told to POSIX path of one
end repeat
set AppleScript's text item delimiters to (character id 31)
return told as text` + scriptTail

	folderScript = scriptHead + `if theFolder is "" then
return POSIX path of (choose folder with prompt theTitle)
else
return POSIX path of (choose folder with prompt theTitle default location (POSIX file theFolder))
end if` + scriptTail

	saveScript = scriptHead + `if theFolder is "" then
return POSIX path of (choose file name with prompt theTitle default name theName)
else
return POSIX path of (choose file name with prompt theTitle default name theName default location (POSIX file theFolder))
end if` + scriptTail
)

const osascript = "/usr/bin/osascript"

func available(context.Context) bool {
	_, err := exec.LookPath(osascript)
	return err == nil
}

func show(ctx context.Context, request Request) ([]string, error) {
	script := map[Kind]string{OpenFiles: filesScript, OpenFolder: folderScript, SaveFile: saveScript}[request.Kind]
	args := []string{"-e", script, request.Title, request.Folder, request.Name}
	for _, ext := range request.Extensions {
		args = append(args, strings.TrimPrefix(ext, "."))
	}
	out, err := exec.CommandContext(ctx, osascript, args...).Output()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNone
	case err != nil:
		return nil, fmt.Errorf("osascript: %w", err)
	}
	text := strings.TrimSuffix(string(out), "\n")
	if text == "" {
		return nil, nil
	}
	return strings.Split(text, separator), nil
}
