package cli

// InOrder is for the table of spellings.
var InOrder = inOrder

// RemedyWords is for the table of remedies.
var RemedyWords = remedyWords
