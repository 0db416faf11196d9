package secret

import "strings"

// noName reports whether 40 characters are a random key wherever they stand, as in
// the name of a role. A name of words changes between small letters, capitals and
// digits less often, and mostly as words do; what a digest of hexadecimal digits
// adds to a name does not count.
func noName(key string) bool {
	const hash = 8 // digits, at least
	if name := strings.TrimRight(key, hexDigits); len(key)-len(name) >= hash {
		key = name
	}
	m := mixtureOf(key)
	return m.upper >= 5 && m.lower >= 5 && m.other > 0 && m.changes >= 13 && m.odd >= 10
}

// keys are the secret access keys that stand between slashes of a run, or between
// one and its end, as after the path of a role or the name of a bucket.
func (r run) keys(text string) []run {
	type slash struct{ before, after, count int } // count: characters before it
	slashes := []slash{{r.start, r.start, -1}}
	count := 0
	for i := r.start; i < r.end; count++ {
		n, c := character(text[i:])
		if i += n; c == '/' {
			slashes = append(slashes, slash{i - n, i, count})
		}
	}
	if rest := text[r.end:]; rest == "" || rest[0] != '=' { // the end of other base64
		slashes = append(slashes, slash{r.end, r.end, count})
	}
	var found []run
	first := 0
	for _, end := range slashes {
		for end.count-slashes[first].count-1 > keyLength {
			first++
		}
		if end.count-slashes[first].count-1 == keyLength {
			key := run{slashes[first].after, end.before, keyLength}
			if noName(key.plain(text)) && (len(found) == 0 || found[len(found)-1].end <= key.start) {
				found = append(found, key)
			}
		}
	}
	return found
}
