package catalog_test

import (
	"bytes"
	"compress/flate"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy/catalog"
)

// texts are an index without its chunk, and the text of a service.
type texts struct{ index, service, want string }

// sound is a small catalogue; damaged ones differ in one line.
var sound = texts{
	index:   "date 2026-01-02\nk S* aws:TagKeys\nk DN!@ foo:Key\narns bar foo\n",
	service: "@foo\nk 0 1\nr thing\t~thing/${Id}\t0\nr other\t^bar:::${Id}\ng R 0,1? 1\ng W 1~ -\na 0GetThing 3Way 0Put\ni !\"\"\no Put\nd GetThing foo:Put\nw GetThing 0\no\nx Take Put\n",
}

var damaged = map[string]texts{
	"a line of the index that begins with no known word": {"data x\n", "", `index: "data x": no line begins so`},
	"a key of no type":             {"k Q foo:Key\n", "", "no such type of key"},
	"a key without a name":         {"k S\n", "", "a key needs a type and a name"},
	"keys that are not sorted":     {"k S foo:B\nk S foo:A\n", "", "keys are not sorted"},
	"ARNs of no service":           {"arns bar none\n", sound.service, `no service "none"`},
	"a service of another name":    {sound.index, "@bar\na 0Get\ni !\n", `service "foo": its text begins with "@bar"`},
	"a service without actions":    {sound.index, "@foo\n", `service "foo": no actions`},
	"an unknown line":              {sound.index, "@foo\nq\n", `service "foo": "q": no line begins so`},
	"a key that is not there":      {sound.index, "@foo\nk 7\n", `"7" is no number below 2`},
	"a type without a name":        {sound.index, "@foo\nr \t~x\n", "a type without a name"},
	"an ARN without its sign":      {sound.index, "@foo\nr thing\tx\n", "an ARN begins with ~ or ^"},
	"a type's key that is not own": {sound.index, "@foo\nk 1\nr thing\t~x\t1\n", `"1" is no number below 1`},
	"a group of no level":          {sound.index, "@foo\ng Q - -\n", "a group has level, types and keys"},
	"a group's type that is none":  {sound.index, "@foo\ng R 0 -\n", `"0" is no number below 0`},
	"a group's key that is none":   {sound.index, "@foo\ng R - 0\n", `"0" is no number below 0`},
	"actions without groups":       {sound.index, "@foo\na 0Get\ni !\n", "an action of no group"},
	"more groups than actions":     {sound.index, "@foo\ng R - -\na 0Get\ni !!\n", "2 characters for the groups of 1 actions"},
	"a name that shares too much":  {sound.index, "@foo\ng R - -\na 5Get\ni !\n", "shares more than"},
	"names that are not sorted":    {sound.index, "@foo\ng R - -\na 0Put 0Get\ni !!\n", "names are not sorted"},
	"a second list of actions":     {sound.index, "@foo\ng R - -\na 0Get\ni !\ni !\n", "a second list of actions"},
	"an operation of no action":    {sound.index, "@foo\ng R - -\na 0Get\ni !\no Put\n", "no such action"},
	"a key to lack that is none":   {sound.index, "@foo\ng R - -\na 0Get\ni !\nw Get 9\n", `"9" is no number below 2`},
}

// file puts the texts together as the generator does.
func file(t texts) []byte {
	chunk := deflate(t.service)
	index := t.index
	if t.service != "" {
		index += fmt.Sprintf("chunk %d/%d foo\n", len(chunk), len(t.service))
	}
	packed := deflate(index)
	return append(append(fmt.Appendf(nil, "iamsim catalog 1 %d/%d\n", len(packed), len(index)), packed...), chunk...)
}

func deflate(text string) []byte {
	if text == "" {
		return nil
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestParseReadsASmallCatalogue(t *testing.T) {
	c, err := catalog.Parse(file(sound))
	require.NoError(t, err)
	assert.Equal(t, "2026-01-02", c.Date())
	get, ok := c.Action("foo:getthing")
	require.True(t, ok)
	assert.Equal(t, "foo:GetThing", get.Name)
	require.Len(t, get.Resources, 2)
	assert.True(t, get.Resources[0].Required)
	assert.False(t, get.Resources[1].Required)
	assert.Equal(t, []string{"arn:${Partition}:foo:${Region}:${Account}:thing/${Id}"}, get.Resources[0].Type.Formats)
	assert.Equal(t, []string{"foo:Put"}, c.DependentActions(get))
	assert.Equal(t, []string{"GetThing"}, c.Operations(get))
	way, ok := c.Action("foo:GetWay")
	require.True(t, ok)
	assert.True(t, way.Resources[0].Observed)
	put, ok := c.Action("foo:Put")
	require.True(t, ok)
	assert.True(t, put.PermissionOnly)
	assert.Equal(t, "foo:Put", c.NearestAction("foo:Take"))
	require.Len(t, c.TypesOf("arn:aws:bar:::x"), 1, "a type whose ARNs name another service")
}

func TestParseNamesTheLineThatIsDamaged(t *testing.T) {
	for name, d := range damaged {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.Parse(file(d))
			require.ErrorContains(t, err, d.want)
		})
	}
}
