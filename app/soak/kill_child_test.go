// The processes that are killed: this test binary again, as the program or as the simulated services.

package soak_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/maquette-studio/maquette/app/cli"
	"github.com/maquette-studio/maquette/providers/sandbox"
)

// childVariable says what this binary is instead of a test.
const childVariable = "MAQUETTE_SOAK_CHILD"

const (
	asProgram  = "program"
	asServices = "services"
)

// childTempo is how much quicker than in life a child waits; what is late is given up as much sooner.
const childTempo = 0.02

func beChild(role string) (code int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if role == asProgram {
		program := cli.Program{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Tempo: childTempo}
		return program.Run(ctx, os.Args[1:])
	}
	s, err := sandbox.Start(ctx, sandbox.Config{Dir: os.Args[1], Pace: 0.05, MaxEdge: 96})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, line := range s.Env() {
		fmt.Println(line)
	}
	<-ctx.Done()
	if err := s.Close(); err != nil {
		return 1
	}
	return 0
}
