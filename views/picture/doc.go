// Package picture shows pictures: many in a grid, one large, a part of one to be cropped, and the loader that makes them in
// workers. Whatever is decoded here is decoded off the UI goroutine.
package picture
