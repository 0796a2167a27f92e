package app

import "github.com/maquette-studio/maquette/providers/httpapi"

// CheckBaseURL says why a service can't be reached at an address, before it is
// stored; the error never repeats the address.
func CheckBaseURL(address string) error { return httpapi.CheckBaseURL(address) }
