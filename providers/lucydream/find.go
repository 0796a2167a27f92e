// Looking for a request whose answer never came: LucyDream has no list to find
// it in, so a person looks into the bucket.

package lucydream

import "github.com/maquette-studio/maquette/providers"

var whereToLook = providers.Say("LucyDream can't be asked. Look into your bucket from time to time: once a new .%s "+
	"file appears, the training was accepted, and the file's name is the id. Your balance at LucyDream may tell sooner.", modelFormat)

// find says where to look, with what LucyDream said to the request, if
// anything.
func find(said string) providers.Find {
	if said == "" {
		return providers.Unknowable(whereToLook)
	}
	return providers.Unknowable(providers.Say("LucyDream said: “%s”. %s", said, whereToLook))
}
