// Package form draws the fields of a task or a call as widgets, and hands out what is typed into them.
package form
