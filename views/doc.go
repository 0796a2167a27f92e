// Package views is Maquette's window: one file a tab, and the widgets and the theme the tabs share. It shows what app
// offers and draws its forms from what providers declare; it never waits, and only onUI touches what is on screen.
package views
