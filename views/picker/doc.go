// Package picker asks for files: pictures from folders or from the gallery, and a place for copies.
package picker
