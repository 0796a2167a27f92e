package storage

// changedAt is not known on Windows.
func changedAt(string) string { return "" }
