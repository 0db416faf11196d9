package managed

// Fresh opens the data once more, of which nothing is read yet.
func Fresh() (any, error) { return open(embedded) }
