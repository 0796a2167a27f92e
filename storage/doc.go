// Package storage is where Maquette's things lie: records in one bbolt file
// (DB, Table), pictures by the hash of their content (Files), a bounded cache
// of thumbnails (Thumbs), downloads that can be resumed (Part), secrets in the
// operating system's keyring (Keys) and uploads in an S3-compatible store
// (Bucket).
//
// Everything that matters is written in one order: temporary file in the same
// folder, fsync, rename, fsync of the folder; only then may a record refer to
// it. A program killed at any instruction leaves whole files and, at worst, a
// temporary one that the next start sweeps away.
//
// The package knows nothing of the services, of jobs or of the window.
package storage
