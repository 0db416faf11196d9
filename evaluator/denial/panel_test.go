package denial_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator/denial"
	"github.com/iamsim/iamsim/policy"
)

// The panel reads as IAM's message does, whatever layer denied, with line breaks
// and without.
func TestThePanelOfTheConsole(t *testing.T) {
	for l := policy.IdentityLayer; l < policy.RuleLayer; l++ {
		for context, explicit := range map[string]bool{
			"no " + l.Noun() + " allows the action":                            true,
			"no " + l.Noun() + " allows the lambda:GetFunction action":         true,
			l.Article() + " " + l.Noun() + " explicitly denies the action":     false,
			"explicit deny in " + l.Article() + " " + l.Noun():                 false,
			"with an explicit deny in " + l.Article() + " " + l.Noun():         false,
			"because no " + l.Noun() + " allows the lambda:GetFunction action": true,
		} {
			explicit = !explicit
			for _, between := range []string{"\n", " ", "", "\n\n"} {
				text := "Access denied to lambda:GetFunction\nYou don't have permission to lambda:GetFunction. To request access, copy the following text and send it to your AWS administrator.\n" +
					strings.Join([]string{"User: " + alice, "Action: lambda:GetFunction", "On resource(s): " + myFn, "Context: " + context}, between)
				d := one(t, text)
				assert.Equal(t, []any{alice, "lambda:GetFunction", myFn, l, explicit, !explicit, denial.FromMessage}, []any{d.Principal, d.Action, d.Resource, d.Layer, d.Explicit, d.Implicit, d.Form}, text)
			}
		}
	}
}

// What a text has one after the other is read in its order, whatever says it.
func TestDenialsOfSeveralKindsComeInTheOrderOfTheText(t *testing.T) {
	kinds := map[string]string{
		"lambda:GetFunction":    "User: " + alice + "\nAction: lambda:GetFunction\nOn resource(s): " + myFn + "\nContext: no identity-based policy allows the action\n",
		"lambda:InvokeFunction": "User: " + alice + " is not authorized to perform: lambda:InvokeFunction on resource: " + myFn + " because no identity-based policy allows the lambda:InvokeFunction action\n",
		"lambda:DeleteFunction": "An error occurred (AccessDenied) when calling the DeleteFunction operation: User: " + alice + " is not authorized to perform: lambda:DeleteFunction on resource: " + myFn + "\n",
		"iam:PassRole":          "The role is not authorized to assume: Cross-account pass role is not allowed.\n",
	}
	for first, one := range kinds {
		for second, other := range kinds {
			between := strings.Repeat("nothing happened here\n", 40)
			found, err := denial.Parse(one + between + other)
			require.NoError(t, err)
			require.Len(t, found, 2, "%s, %s", first, second)
			assert.Equal(t, []string{first, second}, []string{found[0].Action, found[1].Action})
			assert.Equal(t, []int{1, 1 + strings.Count(one, "\n") + 40}, []int{found[0].Line, found[1].Line}, "%s, %s", first, second)
		}
	}
}

func TestPartsOfThePanel(t *testing.T) {
	type want struct{ principal, action, resource string }
	for sentence, c := range map[string]struct {
		text string
		want want
	}{
		"service and action apart":     {"User: " + alice + "\nService: lambda\nAction: GetFunction\nOn resource(s): " + myFn + "\nContext: no identity-based policy allows the action", want{alice, "lambda:GetFunction", myFn}},
		"a service by its name":        {"User: " + alice + "\nService: AWS Lambda\nAction: GetFunction\nContext: no identity-based policy allows the action", want{alice, "lambda:GetFunction", ""}},
		"without resource":             {"User: " + alice + "\nAction: servicecatalog:ListApplications\nContext: no identity-based policy allows the action", want{alice, "servicecatalog:ListApplications", ""}},
		"without context":              {"User: " + alice + "\nAction: lambda:GetFunction\nOn resource(s): " + myFn, want{alice, "lambda:GetFunction", myFn}},
		"without caller":               {"Action: lambda:GetFunction\nOn resource(s): " + myFn + "\nContext: no identity-based policy allows the action", want{"", "lambda:GetFunction", myFn}},
		"on every resource":            {"User: " + alice + "\nAction: lambda:ListFunctions\nOn resource(s): *\nContext: no identity-based policy allows the action", want{alice, "lambda:ListFunctions", "*"}},
		"several resources":            {"User: " + alice + "\nAction: lambda:GetFunction\nOn resource(s): " + myFn + ", arn:aws:lambda:us-east-1:111122223333:function:b\nContext: no identity-based policy allows the action", want{alice, "lambda:GetFunction", myFn}},
		"a label on a line of its own": {"User:\n" + alice + "\nAction:\nlambda:GetFunction\nOn resource(s):\n" + myFn + "\nContext:\nno identity-based policy allows the action", want{alice, "lambda:GetFunction", myFn}},
		"words behind it":              {"User: " + alice + " Action: lambda:GetFunction On resource(s): " + myFn + " Context: no identity-based policy allows the action Diagnose with Amazon Q", want{alice, "lambda:GetFunction", myFn}},
		"a table of a page":            {"<tr><td>User:</td><td>" + alice + "</td></tr><tr><td>Action:</td><td>lambda:GetFunction</td></tr><tr><td>On resource(s):</td><td>" + myFn + "</td></tr><tr><td>Context:</td><td>no identity-based policy allows the action</td></tr>", want{alice, "lambda:GetFunction", myFn}},
	} {
		t.Run(sentence, func(t *testing.T) {
			d := one(t, c.text)
			assert.Equal(t, c.want, want{d.Principal, d.Action, d.Resource})
			if strings.Contains(c.text, "Context") {
				assert.Equal(t, []any{policy.IdentityLayer, true}, []any{d.Layer, d.Implicit})
			}
		})
	}
}

func TestThePanelsOtherContextsAreNoted(t *testing.T) {
	panel := "User: " + alice + "\nAction: lambda:GetFunction\nOn resource(s): " + myFn
	assert.Empty(t, one(t, panel).Notes)
	d := one(t, panel+"\nContext: ask your administrator")
	assert.Equal(t, []string{"the panel gives as context: ask your administrator"}, d.Notes)
	assert.Equal(t, []any{policy.NoLayer, false, false}, []any{d.Layer, d.Explicit, d.Implicit})
}

// From one label to the next there are less than 2,048 characters.
func TestHowFarTheLabelsOfAPanelAreApart(t *testing.T) {
	for between, want := range map[int]string{2047: myFn, 2048: ""} {
		const action = " lambda:GetFunction\n\n"
		d := one(t, "User: "+alice+"\nAction:"+action+strings.Repeat("\n", between-len(action))+"On resource(s): "+myFn)
		assert.Equal(t, []string{"lambda:GetFunction", want}, []string{d.Action, d.Resource}, "%d", between)
	}
}

func TestPanelsAndMessagesInOneText(t *testing.T) {
	found, err := denial.Parse(noID + "\n\nUser: " + session + "\nAction: s3:GetObject\nOn resource(s): arn:aws:s3:::b/k\nContext: no identity-based policy allows the action\n\nUser: " + session + "\nAction: s3:PutObject\n\n" + noID)
	require.NoError(t, err)
	var actions []string
	var lines []int
	for i := range found {
		actions, lines = append(actions, found[i].Action), append(lines, found[i].Line)
	}
	assert.Equal(t, []string{"lambda:GetFunction", "s3:GetObject", "s3:PutObject", "lambda:GetFunction"}, actions)
	assert.Equal(t, []int{1, 3, 8, 11}, lines)
}

func TestWhatIsNoPanel(t *testing.T) {
	for _, text := range []string{
		"User: bob\nAction: deploy", "Action: lambda:GetFunction", "Effect: Allow\nAction: s3:GetObject\nResource: '*'", "User: bob\nAction: s3:GetObject",
		"User: " + alice + "\nAction: lambda:\nOn resource(s): *", "User: " + alice + "\nAction: :GetFunction\nOn resource(s): *", "User: " + alice + "\nAction: lambda:Get Function\nOn resource(s): *",
		"User:\nAction:\nOn resource(s):\n", "User:\nService: lambda\nAction:\n", "User:\n\nAction: lambda:GetFunction\n\nOn resource(s):\n\n",
	} {
		_, err := denial.Parse(text)
		require.ErrorIs(t, err, denial.ErrNotUnderstood, text)
	}
}
