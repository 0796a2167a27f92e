package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/app/crash"
)

// run runs the command that args name, the window without one, and returns the
// exit code; env reads the environment. An interrupt stops a command where it stands; its jobs go on with
// “jobs resume”.
func run(args []string, env func(string) string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var recorder crash.Recorder
	defer recorder.End()
	program := cli.Program{In: in, Out: out, Err: errs, Env: env, Window: openWindow, RecordCrash: recorder.Start}
	return program.Run(ctx, args)
}
