package history

import (
	"fmt"
	"strings"
	"time"

	"github.com/iamsim/iamsim/internal/packed"
)

const (
	title = "iamsim managed 1"
	chunk = 64 << 10 // bytes of text that are compressed together, or one policy
)

// Encode packs a history. Each version must have its lines.
func Encode(h *History) []byte {
	w := packed.NewWriter(chunk)
	for i := range h.Policies {
		p := &h.Policies[i]
		w.Add(p.Path+p.Name, p.Text())
	}
	return w.Bytes(title, "date "+h.Date+"\n")
}

// Text is the text of a policy. Each version must have its lines.
func (p *Policy) Text() string {
	var b strings.Builder
	b.WriteString("@" + p.Path + p.Name + " " + date(p.Created))
	if !p.Deprecated.IsZero() {
		b.WriteString(" " + date(p.Deprecated) + " " + p.Replacement)
	}
	b.WriteByte('\n')
	var newer []string
	for i := len(p.Versions) - 1; i >= 0; i-- {
		v := &p.Versions[i]
		fmt.Fprintf(&b, "v%d %s\n", v.Number, date(v.Date))
		for _, line := range edit(newer, v.Lines) {
			b.WriteString(line + "\n")
		}
		newer = v.Lines
	}
	return b.String()
}

func date(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}
