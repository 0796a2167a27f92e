// Package views is Maquette's window: its frame and one file or few a tab. It shows what app offers and draws its forms from
// what providers declare; it never waits, and only kit.OnUI touches what is on screen. The parts that tabs share lie in the
// packages below it.
package views
