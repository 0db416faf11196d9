package denial

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/iamsim/iamsim/internal/jsontext"
	"github.com/tidwall/gjson"
)

// A piece of a text is JSON or what stands between.
type piece struct {
	text  string
	start int
	json  bool
}

// pieces splits a text: JSON is an object or array that begins a line.
func pieces(text string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		// What looks like JSON and is none may be read in vain only so often.
		vain := 4*len(text) + 1<<16
		plain := 0
		for at := 0; at < len(text); {
			if c := strings.TrimLeft(text[at:], " \t"); c != "" && (c[0] == '{' || c[0] == '[') && vain > 0 {
				begin := len(text) - len(c)
				n, err := jsonLength(c)
				if err == nil {
					if plain < begin && !yield(piece{text[plain:begin], plain, false}) ||
						!yield(piece{c[:n], begin, true}) {
						return
					}
					at = begin + n
					plain = at
					continue
				}
				vain -= n
			}
			i := strings.IndexByte(text[at:], '\n')
			if i < 0 {
				break
			}
			at += i + 1
		}
		if plain < len(text) {
			yield(piece{text[plain:], plain, false})
		}
	}
}

// jsonLength is the length of the JSON value that text begins with, or how far
// it was read before it turned out to be none.
func jsonLength(text string) (int, error) {
	d := json.NewDecoder(strings.NewReader(text))
	var raw json.RawMessage
	err := d.Decode(&raw)
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return int(d.InputOffset()), nil
	case errors.As(err, &syntax):
		return int(syntax.Offset) + 1, err
	}
	return len(text), err
}

// deepest is how deep JSON may be nested. Events and exceptions have few levels.
const deepest = 64

// value reads the denials of a JSON value: events, decoded messages, and the
// messages in its strings.
func (r *reader) value(text string) {
	before := len(r.denials)
	r.walk(gjson.Parse(text), nil, 0)
	// An exception written as JSON repeats its message, in "stack" and elsewhere.
	kept := r.denials[:before]
	said := slices.ContainsFunc(r.denials[before:], func(d Denial) bool { return d.Form != FromCode })
	messages := make(map[[5]string]bool)
	for _, d := range r.denials[before:] {
		if said && d.Form == FromCode {
			continue // its code stands in a member of its own
		}
		if d.Form == FromMessage {
			message := [...]string{d.Principal, d.Action, d.Resource, d.ResourceAsGiven, d.Reason}
			if messages[message] {
				continue
			}
			messages[message] = true
		}
		kept = append(kept, d)
	}
	r.denials = kept
}

func (r *reader) walk(v gjson.Result, around *exception, depth int) {
	if depth > deepest {
		r.fault(r.line, "the JSON is nested deeper than "+strconv.Itoa(deepest)+" levels", "")
		return
	}
	switch {
	case v.IsArray():
		v.ForEach(func(_, e gjson.Result) bool {
			r.walk(e, around, depth+1)
			return true
		})
	case v.IsObject():
		members := membersOf(v)
		switch {
		case members["eventName"].Exists() && members["eventSource"].Exists():
			r.event(v.Raw)
		case members["allowed"].Exists() && members["context"].IsObject():
			r.decoded(v.Raw)
		default:
			own := exceptionOf(members, around)
			v.ForEach(func(_, e gjson.Result) bool {
				r.walk(e, own, depth+1)
				return true
			})
		}
	case v.Type == gjson.String:
		if inner := strings.TrimSpace(v.Str); strings.HasPrefix(inner, "{") && jsontext.Check(inner, deepest) == nil {
			r.walk(gjson.Parse(inner), around, depth+1)
			return
		}
		r.plain(undecorated(v.Str), around)
	}
}

// membersOf are the members of an object. Paths of gjson would give characters
// such as "." a meaning.
func membersOf(v gjson.Result) map[string]gjson.Result {
	members := make(map[string]gjson.Result)
	v.ForEach(func(key, value gjson.Result) bool {
		members[key.Str] = value
		return true
	})
	return members
}

// exceptionOf reads what an object tells beside its message.
func exceptionOf(members map[string]gjson.Result, around *exception) *exception {
	x := new(exception)
	if around != nil {
		*x = *around
	}
	for _, name := range [...]string{"code", "Code", "__type", "errorType", "name"} {
		code := members[name].Str
		if i := strings.LastIndexAny(code, "#:"); i >= 0 && name == "__type" {
			code = code[i+1:]
		}
		if isDeniedCode().MatchString(code) {
			x.code = code
			break
		}
	}
	for _, name := range [...]string{"requestId", "RequestId", "requestID", "RequestID"} {
		x.request = or(members[name].Str, x.request)
	}
	for _, name := range [...]string{"statusCode", "httpStatusCode", "HTTPStatusCode"} {
		if status := members[name]; status.Type == gjson.Number && status.Num >= 100 && status.Num < 600 {
			x.status = int(status.Num)
		}
	}
	// The SDK for JavaScript and boto3 keep it one level down.
	for _, name := range [...]string{"$metadata", "ResponseMetadata"} {
		if m := members[name]; m.IsObject() {
			return exceptionOf(map[string]gjson.Result{
				"code": {Type: gjson.String, Str: x.code}, "requestId": m.Get("requestId"), "RequestId": m.Get("RequestId"),
				"httpStatusCode": m.Get("httpStatusCode"), "HTTPStatusCode": m.Get("HTTPStatusCode"),
			}, x)
		}
	}
	return x
}
