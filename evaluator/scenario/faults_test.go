package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

// What a member may be, and where it is said that it is something else.
func TestEachMemberSaysWhatItMayBe(t *testing.T) {
	asked := func(more string) string { return `{"request": {` + alice + `, ` + get + `,` + "\n" + more + `}}` }
	said := func(more string) string { return `{` + request + `,` + "\n" + more + `}` }
	for sentence, c := range map[string]struct{ text, want string }{
		"no request":                         {`{"request": null}`, `s.json:1:13: request: must be an object, not null`},
		"no policies":                        {said(`"policies": null`), `s.json:2:13: policies: must be an object, not null`},
		"no options":                         {said(`"options": null`), `s.json:2:12: options: must be an object, not null`},
		"policies in a list":                 {said(`"policies": []`), `s.json:2:13: policies: must be an object, not an array`},
		"a role that is none":                {asked(`"role": 1`), `s.json:2:9: request.role: must be a string, not a number`},
		"an owner that is none":              {asked(`"resourceAccount": 111122223333`), `s.json:2:20: request.resourceAccount: must be a string, not a number`},
		"an organization that is none":       {asked(`"resourceOrg": "o-1"`), `s.json:2:16: request.resourceOrg: must be an object, not a string`},
		"paths of an organization":           {asked(`"resourceOrg": {"paths": ["a", 1]}`), `s.json:2:32: request.resourceOrg.paths[1]: must be a string, not a number`},
		"an id of an organization":           {asked(`"resourceOrg": {"id": true}`), `s.json:2:23: request.resourceOrg.id: must be a string, not a boolean`},
		"a management account":               {asked(`"resourceOrg": {"managementAccount": 1}`), `s.json:2:38: request.resourceOrg.managementAccount: must be a string, not a number`},
		"tags in a list":                     {asked(`"resourceTags": []`), `s.json:2:17: request.resourceTags: must be an object, not an array`},
		"whether a resource is known":        {asked(`"resourceUnknown": "yes"`), `s.json:2:20: request.resourceUnknown: must be true or false, not a string`},
		"a resource as it was given":         {asked(`"resourceAsGiven": []`), `s.json:2:20: request.resourceAsGiven: must be a string, not an array`},
		"a context in a list":                {asked(`"context": []`), `s.json:2:12: request.context: must be an object, not an array`},
		"a key of the context that is null":  {asked(`"context": {"k": [null]}`), `s.json:2:19: request.context.k[0]: must be a string, a number, a boolean, or an array of these, not null`},
		"a key that is written twice":        {asked(`"context": {"k": 1, "k": 2}`), `s.json:2:21: request.context: "k" is written twice in one object`},
		"keys that are present":              {asked(`"present": {}`), `s.json:2:12: request.present: must be an array of strings, not an object`},
		"actions beside an action":           {asked(`"actions": ["a:B"]`), `s.json:2:12: request.actions: is given beside "action", in whose place it stands`},
		"resources beside a resource":        {asked(`"resources": ["*"]`), `s.json:2:14: request.resources: is given beside "resource", in whose place it stands`},
		"no actions":                         {`{"request": {` + alice + `, "resource": "*",` + "\n" + `"actions": []}}`, `s.json:2:12: request.actions: must not be empty`},
		"no resources":                       {`{"request": {` + alice + `, "action": "a:B",` + "\n" + `"resources": []}}`, `s.json:2:14: request.resources: must not be empty`},
		"a principal in a list":              {`{"request": {` + get + `,` + "\n" + `"principal": []}}`, `s.json:2:14: request.principal: must be a string or an object, not an array`},
		"a user of a principal":              {`{"request": {` + get + `,` + "\n" + `"principal": {"arn": "anonymous", "parentUser": 1}}}`, `s.json:2:49: request.principal.parentUser: must be a string, not a number`},
		"tags of a principal":                {`{"request": {` + get + `,` + "\n" + `"principal": {"arn": "anonymous", "sessionTags": {"a": null}}}}`, `s.json:2:56: request.principal.sessionTags.a: must be a string, not null`},
		"parameters in a list":               {`{"request": {` + alice + `,` + "\n" + `"call": {"operation": "a:B", "parameters": []}}}`, `s.json:2:44: request.call.parameters: must be an object, not an array`},
		"a call without operation":           {`{"request": {` + alice + `,` + "\n" + `"call": {}}}`, `s.json:2:9: request.call: needs an "operation" such as "lambda:CreateFunction"`},
		"a call that is none":                {`{"request": {` + alice + `,` + "\n" + `"call": "a:B"}}`, "s.json:2:9: request.call: must be an object, not a string\ns.json:2:9: request.call: needs an \"operation\" such as \"lambda:CreateFunction\""},
		"the account of a call's resource":   {`{"request": {` + alice + `,` + "\n" + `"call": {"operation": "a:B", "resources": {"x": {"account": 1}}}}}`, `s.json:2:61: request.call.resources.x.account: must be a string, not a number`},
		"a name that is none":                {said(`"name": {}`), `s.json:2:9: name: must be a string, not an object`},
		"an option that is none":             {said(`"options": {"legacyFunctionUrl": 1}`), `s.json:2:34: options.legacyFunctionUrl: must be true or false, not a number`},
		"an option that is null":             {said(`"options": {"catalog": null}`), `s.json:2:24: options.catalog: must be true or false, not null`},
		"what is wanted, as a number":        {said(`"want": 1`), `s.json:2:9: want: must be a decision or an object, not a number`},
		"nothing that is wanted":             {said(`"want": {}`), `s.json:2:9: want: must be a decision, or an object that wants something, not an object`},
		"a message that is none":             {said(`"want": {"message": 1}`), `s.json:2:21: want.message: must be a string, not a number`},
		"a place that is no whole number":    {said(`"want": {"statements": [{"line": 1.5}]}`), `s.json:2:34: want.statements[0].line: must be a whole number, not "1.5"`},
		"an index in a string":               {said(`"want": {"statements": [{"index": "1"}]}`), `s.json:2:35: want.statements[0].index: must be a whole number, not "\"1\""`},
		"an effect that is none":             {said(`"want": {"statements": [{}, {"effect": "allow"}]}`), `s.json:2:40: want.statements[1].effect: "allow" is no effect; did you mean "Allow"?`},
		"a statement that is none":           {said(`"want": {"statements": [1]}`), `s.json:2:25: want.statements[0]: must be an object, not a number`},
		"statements that are none":           {said(`"want": {"statements": {}}`), `s.json:2:24: want.statements: must be an array of statements, not an object`},
		"preconditions that are none":        {said(`"want": {"preconditions": "allowed"}`), `s.json:2:27: want.preconditions: must be an array of decisions, not a string`},
		"levels that are none":               {said(`"policies": {"scp": {}}`), `s.json:2:21: policies.scp: must be an array of levels, each an array of policies, not an object`},
		"a level that is none":               {said(`"policies": {"rcp": [[], {}]}`), `s.json:2:26: policies.rcp[1]: must be a level, which is an array of policies, as in [["root.json"], ["account.json"]], not an object`},
		"a policy that is none":              {said(`"policies": {"identity": [1]}`), `s.json:2:27: policies.identity[0]: must be a policy: a path, a document, an object with name and document, or {"managed": "AWSLambda_FullAccess"}, not a number`},
		"a fault of a policy in its line":    {said(`"policies": {"identity": {"Version": "2012-10-17", "Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}}`), `s.json:2:76: policies.identity.Statement.Effect: "allow" is no effect; did you mean "Allow"?`},
		"a fault of a policy below its line": {said(`"policies": {"identity": {"Version": "2012-10-17",` + "\n" + ` "Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}}`), `s.json:3:26: policies.identity.Statement.Effect: "allow" is no effect; did you mean "Allow"?`},
		"a fault of a level's policy":        {said(`"policies": {"scp": [[], [{"name": "x", "document": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*"}}}]]}`), `s.json:2:92: policies.scp[1][0].Statement: a statement of a service control policy needs a Resource or a NotResource`},
		"policies of a call's resource":      {`{"request": {"principal": "anonymous", "call": {"operation": "a:B"}},` + "\n" + `"policies": {"resources": {"x": 1}}}`, `s.json:2:33: policies.resources.x: must be a policy: a path, a document, an object with name and document, or {"managed": "AWSLambda_FullAccess"}, not a number`},
		"cases that are none":                {`{"defaults": {` + request + `},` + "\n" + `"cases": 1}`, "s.json:2:10: cases: must be an array of scenarios, not a number\ns.json:2:10: cases: not read (1), because of the faults above"},
		"a case that is none":                {`{"defaults": {` + request + `},` + "\n" + `"cases": [1]}`, `s.json:2:11: cases[0]: must be an object, not a number`},
		"a fault of the second case":         {`{"defaults": {` + request + `},` + "\n" + `"cases": [{},` + "\n" + ` {"want": "allow"}]}`, `s.json:3:11: cases[1].want: "allow" is no decision; did you mean "allowed"?`},
		"a boolean":                          {`true`, `s.json:1:1: a scenario is an object, not a boolean`},
		"a string":                           {`"x"`, `s.json:1:1: a scenario is an object, not a string`},
		"a number":                           {`1`, `s.json:1:1: a scenario is an object, not a number`},
		"null":                               {`null`, `s.json:1:1: a scenario is an object, not null`},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, faults := collect(scenario.FS(files(map[string]string{"s.json": c.text}), "s.json"))
			require.Len(t, faults, 1)
			assert.Equal(t, c.want, faults[0])
		})
	}
}

func TestAnErrorHasThePartsThatAreKnown(t *testing.T) {
	for want, e := range map[string]scenario.Error{
		"m":            {Message: "m"},
		"f: m":         {File: "f", Message: "m"},
		"f:1:2: m":     {File: "f", Line: 1, Column: 2, Message: "m"},
		"1:2: m":       {Line: 1, Column: 2, Message: "m"},
		"f:1:2: p: m":  {File: "f", Line: 1, Column: 2, Path: "p", Message: "m"},
		"p: m":         {Path: "p", Message: "m"},
		"f:12:34: x.y": {File: "f", Line: 12, Column: 34, Message: "x.y"},
	} {
		assert.Equal(t, want, e.Error())
		assert.NoError(t, e.Unwrap())
	}
}

// A byte more than 64 MiB is refused, be it blank.
func TestAFileOrLineThatIsTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads 128 MiB")
	}
	const most = 64 << 20
	spaces := strings.Repeat(" ", most-len(`{`+request+`}`))
	for name, c := range map[string]struct {
		file, text string
		faults     []string
	}{
		"a file": {"s.json", `{` + request + `} ` + spaces, []string{"s.json: is larger than 64 MiB"}},
		"a line": {"s.jsonl", `{` + request + `} ` + spaces, []string{"s.jsonl: is larger than 64 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := collect(scenario.FS(files(map[string]string{c.file: c.text}), c.file))
			assert.Equal(t, c.faults, faults)
		})
	}
}
