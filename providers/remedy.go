// Where advice leads: a code that the window and the command line put into
// words of their own, since only they know their pages and commands.

package providers

// Remedy is where a person carries out a failure's advice. The zero Remedy
// says that the advice alone is all there is.
type Remedy struct {
	Code RemedyCode `json:"code"`
	// Call is the service's call that helps, such as "bria/dataset-clone";
	// with MakeCall only.
	Call string `json:"call,omitempty"`
	// Set is the value that the call takes for it, such as "status=completed";
	// empty where any or none does.
	Set string `json:"set,omitempty"`
}

// RemedyCode says what kind of place that is.
type RemedyCode string

// The kinds of remedy. Those about a service are about the one that failed.
const (
	OpenKeys    RemedyCode = "keys"         // where the service's key is set
	OpenAddress RemedyCode = "address"      // where the service's address is set
	OpenBucket  RemedyCode = "bucket"       // where the bucket is set
	CheckBucket RemedyCode = "bucket_check" // where the bucket is checked
	OpenPlace   RemedyCode = "place"        // where it is chosen where photos lie
	OpenFolder  RemedyCode = "folder"       // where the folder for files is chosen
	MakeCall    RemedyCode = "call"         // where the call is made
	RetryJob    RemedyCode = "retry"        // where the job is told to go on
)

// Calling is the remedy of making a call; set may be "".
func Calling(call, set string) Remedy { return Remedy{Code: MakeCall, Call: call, Set: set} }
