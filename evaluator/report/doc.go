// Package report renders explanations of package evaluator: as text for a
// terminal, as JSON for programs, and as one HTML page with a picture of the
// layers that shows where the request stopped.
//
//	why := evaluator.Explain(&caller, &target, &request)
//	report.Text(os.Stdout, report.Options{}, why)
//
// By default a report is short: the decision, what decided it, the nearest
// miss, and what to write instead. [Options.Complete] adds every layer, policy,
// statement and element.
//
// # What is stable
//
// The JSON of [JSON] is: members are added, none changes its meaning. Its
// members text, note, message and summary hold words for people; these, and all
// that [Text] and [HTML] write, are free to change. The same explanation gives
// the same bytes.
//
// # Secrets
//
// What looks like a secret access key or a session token is not written,
// wherever it stands: a mark says that something was left out.
//
// # Limits
//
// A report tells of the policies that it was given. It does not know what other
// policies exist, and whether a suggestion is wise: it says what would match,
// not what should.
package report
