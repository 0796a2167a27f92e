package app

import (
	"time"

	"github.com/maquette-studio/maquette/storage"
)

// WithProbe makes a studio call probe around every durable write.
func WithProbe(cfg Config, probe func(point string)) Config {
	cfg.probe = probe
	return cfg
}

// MayBecome is the table of allowed transitions.
var MayBecome = mayBecome

// Transitions are the states that have a row in the table.
var Transitions = transitions

// CheckSafetensors reads a model file's header.
var CheckSafetensors = checkSafetensors

// HostedAfter counts what is in the bucket after removing what is due so many hours from now.
func HostedAfter(s *Studio, hours int) (n int) {
	s.unhost(s.ctx, time.Now().Add(time.Duration(hours)*time.Hour))
	_ = s.db.View(func(tx *storage.Tx) error {
		return hostedTable.Each(tx, "", func(string, hostedPhoto) error { n++; return nil })
	})
	return n
}

// DropCopied removes the copied bodies that have been kept long enough.
func DropCopied(s *Studio) { s.dropCopied(time.Now()) }
