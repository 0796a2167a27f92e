package app

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
)

// forget overwrites the values of variables where Linux remembers with what
// environment this process was started: /proc/PID/environ is that memory, and
// shows it to every program of this user. Where the system doesn't allow it,
// everything stays as it is.
func forget(names []string) {
	memory, err := os.OpenFile("/proc/self/mem", os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer memory.Close()
	start, end, ok := environmentArea()
	if !ok {
		return
	}
	area := make([]byte, end-start)
	if _, err := memory.ReadAt(area, start); err != nil {
		return
	}
	for at := 0; at < len(area); {
		variable, _, _ := bytes.Cut(area[at:], []byte{0})
		name, value, _ := bytes.Cut(variable, []byte("="))
		if slices.Contains(names, string(name)) {
			from := int64(at + len(variable) - len(value))
			_, _ = memory.WriteAt(make([]byte, len(value)), start+from)
		}
		at += len(variable) + 1
	}
}

// mostEnvironment is far more than an environment that anybody has, bytes.
const mostEnvironment = 16 << 20

// environmentArea is where the environment lies: the 50th and the 51st value of
// /proc/PID/stat (proc_pid_stat(5)).
func environmentArea() (start, end int64, ok bool) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, 0, false
	}
	// The second value, the program's name in parentheses, may hold spaces.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 49 {
		return 0, 0, false
	}
	start, errStart := strconv.ParseInt(fields[47], 10, 64)
	end, errEnd := strconv.ParseInt(fields[48], 10, 64)
	return start, end, errStart == nil && errEnd == nil && start > 0 && start < end && end-start < mostEnvironment
}
