package tunnel

import (
	"os/exec"
	"runtime"
	"syscall"
)

// runChild runs a program that ends with this one, however that ends. Linux
// watches the thread that started it, which is why that stays.
func runChild(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd.Run()
}
