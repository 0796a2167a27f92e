package app

import (
	"time"
)

// WithProbe makes a studio call probe around every durable write.
func WithProbe(cfg Config, probe func(point string)) Config {
	cfg.probe = probe
	return cfg
}

// MaintainAt does what is due at a time.
func MaintainAt(s *Studio, now time.Time) { s.maintainAt(now) }
