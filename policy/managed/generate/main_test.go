package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy/managed/internal/history"
)

const (
	madeDates      = `[{"policy": "AWSLambdaMade", "version": "v2", "date": "2022-01-01T00:00:00Z", "source": "made up"}]`
	madeDeprecated = `[{
		"arn": "arn:aws:iam::aws:policy/AWSLambdaGone", "created": "2015-01-01T00:00:00Z", "deprecated": "2021-03-01T00:00:00Z",
		"replacement": "AWSLambdaMade", "source": "made up", "versions": [{"id": "v8", "date": "2017-01-01T00:00:00Z",
		"document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}}]}]`
)

func TestPoliciesAreGathered(t *testing.T) {
	made, err := gather(os.DirFS("testdata/package"), []byte(madeDates), []byte(madeDeprecated))
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/made.txt")
	require.NoError(t, err)
	got := made.Date + "\n"
	for i := range made.Policies {
		got += made.Policies[i].Text()
	}
	assert.Equal(t, string(want), got)
}

func TestWhatChangedIsPrinted(t *testing.T) {
	after, err := gather(os.DirFS("testdata/package"), []byte(madeDates), []byte(madeDeprecated))
	require.NoError(t, err)
	before, err := gather(os.DirFS("testdata/package"), []byte("[]"), []byte("[]"))
	require.NoError(t, err)
	before.Date = "2024-12-31"
	carpenter, lambda := &before.Policies[1], &before.Policies[0]
	carpenter.Name = "Baker"
	lambda.Path = ""
	lambda.Versions[0].Lines = []string{"{}"}
	lambda.Versions[2].Number = 4

	var printed strings.Builder
	changes(&printed, before, after)
	assert.Equal(t, `~ date of the data: 2025-01-01, was 2024-12-31
+ AWSLambdaGone, 1 versions, default v8
~ AWSLambdaMade: path service-role/, was none
~ AWSLambdaMade: document of v1
~ AWSLambdaMade: date of v2 2022-01-01T00:00:00Z, was none
+ AWSLambdaMade v3 of 2024-03-01T10:00:00Z
- AWSLambdaMade v4
- job-function/Baker
+ job-function/Carpenter, 1 versions, default v1
`, printed.String())

	printed.Reset()
	changes(&printed, after, after)
	assert.Empty(t, printed.String())
}

func TestWhatDoesNotFitIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ dates, deprecated, want string }{
		"a date of a policy that is not":  {dates: `[{"policy": "X", "version": "v2", "source": "s"}]`, want: "dates.json: X v2 does not exist"},
		"a date that the package has":     {dates: `[{"policy": "Carpenter", "version": "v1", "source": "s"}]`, want: "dates.json: Carpenter v1 has a date already, 2021-01-01T10:00:00Z"},
		"a date without a source":         {dates: `[{"policy": "AWSLambdaMade", "version": "v2"}]`, want: "dates.json: AWSLambdaMade v2 has no source"},
		"a date that is too old":          {dates: strings.Replace(madeDates, "2022", "2019", 1), want: "AWSLambdaMade v2 of 2019-01-01T00:00:00Z is older than what is before it"},
		"a member that nothing reads":     {dates: `[{"name": "X"}]`, want: `dates.json: json: unknown field "name"`},
		"a deprecation without successor": {deprecated: strings.Replace(madeDeprecated, `"replacement": "AWSLambdaMade",`, "", 1), want: "deprecated.json: AWSLambdaGone needs a date, a replacement and a source"},
		"an ARN of a customer":            {deprecated: strings.Replace(madeDeprecated, ":aws:policy", ":123456789012:policy", 1), want: `is not the ARN of an AWS managed policy`},
		"a document that is no policy":    {deprecated: strings.Replace(madeDeprecated, `"Effect": "Allow", `, "", 1), want: "AWSLambdaGone v8:"},
		"a version without a number":      {deprecated: strings.Replace(madeDeprecated, `"v8"`, `"8"`, 1), want: `AWSLambdaGone has a version "8"`},
		"the newest version has no date":  {deprecated: strings.Replace(madeDeprecated, `"date": "2017-01-01T00:00:00Z",`, "", 1), want: "AWSLambdaGone: the newest version has no date"},
	} {
		t.Run(name, func(t *testing.T) {
			text := func(s string) []byte {
				if s == "" {
					s = "[]"
				}
				return []byte(s)
			}
			_, err := gather(os.DirFS("testdata/package"), text(c.dates), text(c.deprecated))
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestASecondRunChangesNothing(t *testing.T) {
	out := filepath.Join(t.TempDir(), "policies.data")
	made, err := gather(os.DirFS("testdata/package"), []byte(madeDates), []byte(madeDeprecated))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(out, history.Encode(made), 0o644))

	again, err := readHistory(out)
	require.NoError(t, err)
	var printed strings.Builder
	changes(&printed, again, made)
	assert.Empty(t, printed.String())
}

// What is embedded comes from this program: read and packed again it has the
// same texts. The compressed bytes depend on the release of Go.
func TestTheEmbeddedDataIsOfThisProgram(t *testing.T) {
	const name = "../policies.data"
	h, err := readHistory(name)
	require.NoError(t, err)
	again := filepath.Join(t.TempDir(), "policies.data")
	require.NoError(t, os.WriteFile(again, history.Encode(h), 0o644))
	same, err := readHistory(again)
	require.NoError(t, err)
	var printed strings.Builder
	changes(&printed, h, same)
	assert.Empty(t, printed.String())
}

func TestTheFilesBesideItAreUsed(t *testing.T) {
	h, err := readHistory("../policies.data")
	require.NoError(t, err)
	var dates []knownDate
	require.NoError(t, strictly(knownDates, &dates))
	require.NotEmpty(t, dates)
	for _, d := range dates {
		v := find(h.Policies, d.Policy, d.Version)
		require.NotNil(t, v, "%s %s", d.Policy, d.Version)
		assert.True(t, d.Date.Equal(v.Date), "%s %s", d.Policy, d.Version)
	}
	var gone []deprecatedPolicy
	require.NoError(t, strictly(deprecated, &gone))
	require.Len(t, gone, 2)
	for _, g := range gone {
		p, err := g.policy()
		require.NoError(t, err)
		v := find(h.Policies, p.Name, "v8")
		require.NotNil(t, v)
		assert.Equal(t, p.Versions[0].Lines, v.Lines)
	}
}
