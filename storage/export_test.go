package storage

import "time"

// What the tests of package storage_test reach through to.

// OpenWithMigrations opens a database as a program with these migrations would.
func OpenWithMigrations(path string, steps ...func(*Tx) error) (*DB, error) {
	migrations := make([]migration, len(steps))
	for i, step := range steps {
		migrations[i] = step
	}
	return open(path, migrations)
}

// KeysWith are Keys over a keyring of the test's own.
func KeysWith(ring secretStore, timeout time.Duration) *Keys {
	k := NewSessionKeys()
	k.ring, k.timeout = ring, timeout
	return k
}

// Creating has a folder's files created by another function.
func (f *Folder) Creating(create func(path string) error) { f.create = create }

var SystemDataDir = systemDataDir

// Size returns how many bytes the cache holds.
func (t *Thumbs) Size() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.load(); err != nil {
		return 0
	}
	return t.size
}
