// Package document reads a policy in the forms in which AWS and its tools print it.
package document

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/iamsim/iamsim/internal/spelling"
	"github.com/iamsim/iamsim/policy"
)

// Read is the policy of a value, which the Builder parses once for each text.
func Read(b *account.Builder, name string, v gjson.Result) (*policy.Document, error) {
	text, err := textOf(v)
	if err != nil {
		return nil, err
	}
	return b.Document(name, text)
}

// maxWrappings is how often a document may be a string within a string.
const maxWrappings = 4

// textOf is the text of a policy in any of the forms in which it reaches a
// file: a JSON object; a string of JSON text; a percent-encoded string, as the API
// and the SDKs have it, in which "+" is a plus; and these within one another. The
// text of an object is that of the file, outdented: its lines are those of the
// file, counted from the brace.
func textOf(v gjson.Result) (string, error) {
	for range maxWrappings {
		if v.IsObject() {
			return outdented(v.Raw), nil
		}
		if v.Type != gjson.String {
			return "", fmt.Errorf("is %s, and a policy is an object, or a string with one", jsontext.TypeName(v.Raw))
		}
		text := strings.TrimSpace(v.Str)
		if strings.HasPrefix(text, "{") {
			return text, nil
		}
		if strings.HasPrefix(text, "%") {
			decoded, err := url.PathUnescape(text)
			if err != nil {
				return "", fmt.Errorf("is not percent-encoded as a policy is: %w", err)
			}
			if text = strings.TrimSpace(decoded); strings.HasPrefix(text, "{") {
				return text, nil
			}
		}
		if !strings.HasPrefix(text, `"`) || !gjson.Valid(text) {
			return "", fmt.Errorf("is %s, which is neither JSON text nor a percent-encoded policy", spelling.Quote(text))
		}
		v = gjson.Parse(text)
	}
	return "", errors.New("is a string within a string too often")
}

// outdented is an object without the indentation that all its lines have, so that
// the same policy is the same text however deep it stands.
func outdented(object string) string {
	last := strings.LastIndexByte(object, '\n')
	if last < 0 {
		return object
	}
	margin := "\n" + object[last+1:len(object)-1]
	if strings.Trim(margin, "\n \t") != "" {
		return object
	}
	return strings.ReplaceAll(object, margin, "\n")
}
