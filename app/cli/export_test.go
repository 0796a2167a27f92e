package cli

// InOrder is for the table of spellings.
var InOrder = inOrder
