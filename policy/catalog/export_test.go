package catalog

// Fresh is a catalogue that has read nothing yet, as Default is at first.
func Fresh(data string) *Catalog { return open(data) }
