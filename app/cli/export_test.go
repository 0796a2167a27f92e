package cli

import "io"

// InOrder is for the table of spellings.
var InOrder = inOrder

// RemedyWords is for the table of remedies.
var RemedyWords = remedyWords

// Guarded is the last guard before a terminal.
func Guarded(to io.Writer) io.Writer { return &guarded{to: to} }
