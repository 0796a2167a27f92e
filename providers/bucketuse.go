// What services do with the person's bucket.

package providers

import "slices"

// BucketUse is what a service does with the person's bucket; the zero BucketUse
// is nothing.
type BucketUse struct {
	// Fetches are the extensions of the files that are put there for it to
	// fetch by their links: "jpg", "json".
	Fetches []string
	// Delivers is the extension of the files that it puts there itself, from
	// where they are downloaded; "" for none.
	Delivers string
	// DeliversTo is what the hosts end with at which it can do that, where its
	// documents name them; "" for any.
	DeliversTo string
}

// None reports whether the service never uses the bucket.
func (u BucketUse) None() bool { return len(u.Fetches) == 0 && u.Delivers == "" }

// FetchesPhotos reports whether the service reads photos by their links.
func (u BucketUse) FetchesPhotos() bool {
	return slices.ContainsFunc(PhotoFiles(), func(ext string) bool { return slices.Contains(u.Fetches, ext) })
}

// PhotoFiles are the extensions that prepared photos have.
func PhotoFiles() []string { return []string{"jpg", "png"} }
