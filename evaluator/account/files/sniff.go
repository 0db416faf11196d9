package files

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/iamsim/iamsim/internal/lazy"
)

// membersOf are the names of the members that the object has with which a file
// begins, as far as the beginning goes, and whether it is JSON. A list has none.
func membersOf(head []byte) (names []string, isJSON bool) {
	text := bytes.TrimLeft(head, " \t\r\n")
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return membersOfJSON(text), true
	}
	for _, m := range yamlMember().FindAllSubmatch(text, -1) {
		names = append(names, string(m[1]))
	}
	return names, false
}

// yamlMember is a line with a member of the outermost object.
var yamlMember = lazy.Regexp(`(?m)^["']?([A-Za-z][A-Za-z0-9_-]*)["']?[ \t]*:(?:[ \t]|\r?$)`)

// membersOfJSON goes over a text that may be cut off.
func membersOfJSON(text []byte) (names []string) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return names
			}
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return names
			}
			if depth == 1 && text[0] == '{' && strings.HasPrefix(strings.TrimLeft(string(text[end+1:min(end+40, len(text))]), " \t\r\n"), ":") {
				var name string
				if json.Unmarshal(text[i:end+1], &name) == nil {
					names = append(names, name)
				}
			}
			i = end
		}
	}
	return names
}
