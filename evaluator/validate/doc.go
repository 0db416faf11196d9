// Package validate finds in a policy what IAM stores and people regret, under the
// codes that IAM Access Analyzer gives such findings, and more that it does not
// have.
//
//	var v validate.Validator
//	for _, f := range v.Validate(doc, policy.Identity) {
//		fmt.Println(f) // deployer.json:7:19: SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_RESOURCE: …
//	}
//
// [Validator.Validate] reads the text and the catalogue, and takes some
// microseconds. [Validator.Prove] finds by proofs, so that conditions and Deny
// statements count: what a statement gives that nobody wanted, and what does
// nothing. [Refused] turns the errors of a document that IAM refuses to findings.
//
// CODES.md lists all codes: what each means, an example, whether Access Analyzer
// has it, and how it is decided. [Rules] are the same as data.
//
// # Edits
//
// A finding with one obvious mend has an [Edit] of the text. [Apply] applies
// edits and changes nothing else.
//
// # Limits
//
// What Access Analyzer says of a code's condition is short; where its
// documentation leaves one open, CODES.md says what is found here. Its messages
// are not repeated, its codes are. Of an element with more than 2,000 values, the
// first 2,000 are compared with each other. Names that are newer than the catalogue are
// found to be wrong.
package validate
