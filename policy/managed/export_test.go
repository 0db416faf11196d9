package managed

// DecodeEmbedded decodes the data as the first question does.
func DecodeEmbedded() error {
	_, err := decode(embedded)
	return err
}

// Decoded is the decoded data, once more.
func Decoded() any {
	k, err := decode(embedded)
	if err != nil {
		return err
	}
	return k
}
