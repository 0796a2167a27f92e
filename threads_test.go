//go:build !migrated_fynedo

package main_test

// threadsAreChecked is that Fyne tells who touches the window from where it may not.
const threadsAreChecked = true
