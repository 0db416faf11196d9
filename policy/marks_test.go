package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
)

func TestMarksPlaceADocumentInItsFile(t *testing.T) {
	const document = "{\"Statement\":\n[{\"Effect\":\"Allow\",\"Action\":\"a:B\",\"Resource\":\"*\"},\n {\"Effect\":\"Deny\",\"Action\":\"a:C\",\"Resource\":\"*\"}]}"
	for sentence, c := range map[string]struct {
		marks               []policy.Mark
		statement, resource [2]int // of the second statement
	}{
		"without marks the document is the file":         {nil, [2]int{3, 2}, [2]int{3, 45}},
		"a document that begins in a line":               {[]policy.Mark{{Line: 10, Column: 5}}, [2]int{12, 2}, [2]int{12, 45}},
		"a mark within the document moves what follows":  {[]policy.Mark{{Line: 1, Column: 1}, {Offset: 66, Line: 7, Column: 3}}, [2]int{7, 3}, [2]int{7, 46}},
		"a mark within the statement moves its end only": {[]policy.Mark{{Line: 1, Column: 1}, {Offset: 83, Line: 9, Column: 1}}, [2]int{3, 2}, [2]int{9, 27}},
	} {
		t.Run(sentence, func(t *testing.T) {
			doc, err := policy.Parser{Marks: c.marks}.ParseString("file", document)
			require.NoError(t, err)
			line, column := doc.Position("Statement", 1)
			assert.Equal(t, c.statement, [2]int{line, column}, "the statement")
			line, column = doc.Position("Statement", 1, "Resource")
			assert.Equal(t, c.resource, [2]int{line, column}, "its resource")
		})
	}
	_, err := policy.Parser{Marks: []policy.Mark{{Line: 4, Column: 9}}}.ParseString("file", `{"Statement":[{"Effect":"allow","Action":"a:B","Resource":"*"}]}`)
	require.Error(t, err)
	assert.Contains(t, err.Error(), "file:4:33: ", "a fault stands in the file, too")
}
