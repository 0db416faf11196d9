package iamtest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/spelling"
)

// A table is a matrix as a file has it.
type table struct {
	who  []string // the columns after action and resource
	rows []tableRow
	at   map[question]int // of the rows that were read
}

// A question is what a row asks for.
type question struct{ action, resource string }

type tableRow struct {
	question
	cells []string // by column
	line  int
}

// A format reads and writes tables. What it writes anew may depend on the text
// that was there.
type format struct {
	read  func(path string, text []byte) (table, error)
	write func(was []byte, t table) []byte
}

func formatOf(path string) (format, error) {
	switch filepath.Ext(path) {
	case ".csv":
		return format{readCSV, writeCSV}, nil
	case ".md":
		return format{readMarkdown, writeMarkdown}, nil
	case ".json":
		return format{readJSON, writeJSON}, nil
	}
	return format{}, fmt.Errorf("%s is neither .md, .csv nor .json", path)
}

// header are the first two columns.
var header = []string{"action", "resource"}

// add takes a line of a table: the first is the header.
func (t *table) add(path string, line int, record []string) error {
	if t.who == nil {
		if len(record) < 3 || !fold.Equal(record[0], header[0]) || !fold.Equal(record[1], header[1]) {
			return fmt.Errorf("%s:%d: a matrix begins with the columns action and resource, and has one for each principal", path, line)
		}
		t.who = record[2:]
		return nil
	}
	if len(record) != len(t.who)+2 {
		return fmt.Errorf("%s:%d: %d columns, and the header has %d", path, line, len(record), len(t.who)+2)
	}
	row := tableRow{question{record[0], record[1]}, record[2:], line}
	if _, twice := t.at[row.question]; twice {
		return fmt.Errorf("%s:%d: %s on %s stands here twice", path, line, row.action, row.resource)
	}
	if t.at == nil {
		t.at = make(map[question]int)
	}
	t.at[row.question] = len(t.rows)
	t.rows = append(t.rows, row)
	return nil
}

func readCSV(path string, text []byte) (t table, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	for {
		record, err := r.Read()
		for i, cell := range record {
			if text, ok := strings.CutPrefix(cell, asText); ok && isFormula(text) {
				record[i] = text
			}
		}
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return table{}, fmt.Errorf("%s: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		if err := t.add(path, line, record); err != nil {
			return table{}, err
		}
	}
}

func writeCSV(_ []byte, t table) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, record := range t.records() {
		for i := range record {
			if isFormula(record[i]) {
				record[i] = asText + record[i]
			}
		}
		w.Write(record) // to a buffer: no error
	}
	w.Flush()
	return b.Bytes()
}

// asText begins a cell that a spreadsheet is to show, and not to work out.
const asText = "'"

// isFormula reports whether a spreadsheet works out the cell.
func isFormula(cell string) bool { return cell != "" && strings.Contains("=+-@\t\r", cell[:1]) }

// records are the lines of the table, the header first.
func (t *table) records() [][]string {
	records := [][]string{append(slices.Clone(header), t.who...)}
	for _, row := range t.rows {
		records = append(records, append([]string{row.action, row.resource}, row.cells...))
	}
	return records
}

// readMarkdown takes the one table of which the header fits.
func readMarkdown(path string, text []byte) (t table, err error) {
	lines := strings.Split(string(text), "\n")
	begin, end, fault := markdownTable(path, lines)
	if fault != nil {
		return table{}, fault
	}
	if begin == end {
		return table{}, fmt.Errorf("%s: there is no table that begins with the columns action and resource", path)
	}
	for i := begin; i < end; i++ {
		if i == begin+1 {
			continue // the rule under the header
		}
		if err := t.add(path, i+1, columns(lines[i])); err != nil {
			return table{}, err
		}
	}
	return t, nil
}

// writeMarkdown puts the table in the place of the one that was there. A new file
// has nothing else.
func writeMarkdown(was []byte, t table) []byte {
	records := t.records()
	for _, record := range records {
		for i := range record {
			record[i] = strings.ReplaceAll(record[i], "|", `\|`)
		}
	}
	widths := make([]int, len(records[0]))
	for _, record := range records {
		for i, cell := range record {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var written []string
	for i, record := range records {
		var b strings.Builder
		for j, cell := range record {
			fmt.Fprintf(&b, "| %-*s ", widths[j], cell)
		}
		written = append(written, b.String()+"|")
		if i == 0 {
			b.Reset()
			for _, width := range widths {
				fmt.Fprintf(&b, "|%s", strings.Repeat("-", width+2))
			}
			written = append(written, b.String()+"|")
		}
	}
	var lines []string
	begin, end := 0, 0
	if len(was) > 0 {
		lines = strings.Split(strings.TrimSuffix(string(was), "\n"), "\n")
		begin, end, _ = markdownTable("", lines) // it was read
	}
	return []byte(strings.Join(slices.Concat(lines[:begin], written, lines[end:]), "\n") + "\n")
}

// jsonRow is a row of a JSON file.
type jsonRow struct {
	Action   string   `json:"action"`
	Resource string   `json:"resource"`
	Access   jsonRest `json:"access"`
}

// jsonRest are the cells of a row in the order of the columns.
type jsonRest []struct{ who, cell string }

func (r jsonRest) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%s", jsonString(c.who), jsonString(c.cell))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// jsonString is a text as JSON has it.
func jsonString(text string) []byte {
	quoted, _ := json.Marshal(text) // a string: no error
	return quoted
}

// readJSON takes the columns from the first row; the others have the same in
// any order.
func readJSON(path string, text []byte) (t table, err error) {
	at := func(offset int) string {
		return fmt.Sprintf("%s:%d", path, 1+bytes.Count(text[:min(offset, len(text))], []byte("\n")))
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		var offset int
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			offset = int(syntax.Offset)
		}
		return table{}, fmt.Errorf("%s: a matrix is a list of rows: %w", at(offset), err)
	}
	for _, row := range gjson.ParseBytes(text).Array() {
		found, err := members(row, "action", "resource", "access")
		if err != nil {
			return table{}, fmt.Errorf("%s: %w", at(row.Index), err)
		}
		record := []string{found["action"].Str, found["resource"].Str}
		if t.who == nil {
			t.who = []string{}
			found["access"].ForEach(func(who, _ gjson.Result) bool {
				t.who = append(t.who, who.Str)
				return true
			})
		}
		access, err := members(found["access"], t.who...)
		if err != nil {
			return table{}, fmt.Errorf("%s: access: %w", at(row.Index), err)
		}
		for _, who := range t.who {
			record = append(record, access[who].Str)
		}
		if err := t.add(path, 1+bytes.Count(text[:row.Index], []byte("\n")), record); err != nil {
			return table{}, err
		}
	}
	return t, nil
}

// members are the members of an object that has exactly those of the names,
// each once.
func members(object gjson.Result, names ...string) (map[string]gjson.Result, error) {
	expected := fmt.Errorf("an object with %s is expected", strings.Join(names, ", "))
	if !object.IsObject() {
		return nil, expected
	}
	found := make(map[string]gjson.Result)
	var err error
	object.ForEach(func(name, value gjson.Result) bool {
		if _, twice := found[name.Str]; twice || !slices.Contains(names, name.Str) {
			err = fmt.Errorf("%q is not expected here, or stands here twice: %w", name.Str, expected)
		}
		if !value.IsObject() && value.Type != gjson.String {
			err = fmt.Errorf("%s is %s, not a string", name.Str, spelling.Quote(value.Raw))
		}
		found[name.Str] = value
		return err == nil
	})
	if err == nil && len(found) < len(names) {
		err = expected
	}
	return found, err
}

func writeJSON(_ []byte, t table) []byte {
	rows := make([]jsonRow, len(t.rows))
	for i, row := range t.rows {
		rows[i] = jsonRow{Action: row.action, Resource: row.resource}
		for j, cell := range row.cells {
			rows[i].Access = append(rows[i].Access, struct{ who, cell string }{t.who[j], cell})
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(rows) // strings to a buffer: no error
	return b.Bytes()
}
