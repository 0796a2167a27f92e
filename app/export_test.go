package app

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
