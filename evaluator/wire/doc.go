// Package wire has a denial as the service that was called sends it: its error
// code, and an HTTP response with status, header and body, for fakes of AWS.
//
// The code is that of the service of the operation, not of the action that was
// denied: lambda:CreateFunction that is refused for iam:PassRole fails with
// Lambda's AccessDeniedException, and IAM's own operations with AccessDenied (H-8).
//
//	err := &wire.Error{Operation: "lambda:CreateFunction", Denied: denied}
//	response := err.Response()
//	for name, value := range response.Header {
//		w.Header().Set(name, value) // w is an http.ResponseWriter
//	}
//	w.WriteHeader(response.Status)
//	w.Write(response.Body)
//
// # Limits
//
// A service that speaks several protocols answers in one: CloudWatch and SES in the
// query protocol, the others in JSON rather than CBOR. A service that the table
// does not have answers like most, in JSON with status 403; [Error.Known] says so.
package wire
