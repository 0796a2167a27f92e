// Package kit holds the plain parts of the window: text, keys, panels, notices, work off the UI goroutine, and the theme.
// It knows Fyne and nothing of photos, jobs or services.
package kit
