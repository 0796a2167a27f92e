// Package codec decodes HEIC and AVIF pictures.
//
// The decoders are libheif with libde265, and libavif with libaom, compiled to
// WebAssembly. They run closed in: they reach no file, no network and no
// clock, take a bounded amount of memory, and stop when their context ends.
// A library that is installed on the computer is never used instead. What they
// are made of, and under which licences, docs/licences.md says.
//
// Nothing is compiled before the first picture of a kind is decoded.
package codec
