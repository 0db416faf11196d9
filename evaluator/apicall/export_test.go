package apicall

// ParseTable reads a table of operations, which operations.txt is one of.
func ParseTable(text string) error {
	_, err := parseTable(text)
	return err
}
