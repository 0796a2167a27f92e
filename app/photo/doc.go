// Package photo looks at photos, says what is wrong with them, and makes the
// copies that may leave this computer.
//
// Originals are only ever read. A picture is recognised by its content, never
// by its name; its dimensions are checked before its pixels are decoded; and
// what cannot be used is a *Rejected, which says why in a person's words.
//
// Nothing here knows a screen, the network or the database.
package photo
