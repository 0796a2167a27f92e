//go:build migrated_fynedo

package main_test

const threadsAreChecked = false
