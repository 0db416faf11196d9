package secret

// An AccessKeyID is an access key id in a text, where it starts, and whether it
// belongs to temporary credentials: those begin with ASIA, long-term ones with
// AKIA.
type AccessKeyID struct {
	ID        string
	Start     int
	Temporary bool
}

// AccessKeyIDs finds the access key ids of a text, in its order: AKIA or ASIA
// and 16 capitals and digits that stand alone.
func AccessKeyIDs(text string) []AccessKeyID {
	const length = 20
	var ids []AccessKeyID
	for i := 0; i+length <= len(text); i++ {
		if text[i] != 'A' || i > 0 && inWord(text[i-1]) {
			continue
		}
		prefix := text[i : i+4]
		if prefix != "AKIA" && prefix != "ASIA" || i+length < len(text) && inWord(text[i+length]) {
			continue
		}
		capitals := true
		for _, c := range []byte(text[i : i+length]) {
			capitals = capitals && ('A' <= c && c <= 'Z' || '0' <= c && c <= '9')
		}
		if capitals {
			ids = append(ids, AccessKeyID{text[i : i+length], i, prefix == "ASIA"})
		}
	}
	return ids
}

func inWord(c byte) bool { return class(c) != '0' || '0' <= c && c <= '9' || c == '_' }
