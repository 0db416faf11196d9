package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"strings"
)

// A Response is what a service sends over HTTP. Names of headers are in their
// canonical form.
type Response struct {
	Status int
	Header map[string]string
	Body   []byte
}

// requestID stands in the place of the id that AWS gives to each request.
const requestID = "00000000-0000-0000-0000-000000000000"

// Response is the denial as the service sends it. The id of the request has
// zeros only.
func (e *Error) Response() *Response {
	s := e.service()
	r := &Response{Status: cmp.Or(s.status, ordinary[s.protocol].status), Header: make(map[string]string)}
	switch s.protocol {
	case restJSON:
		r.rest(e)
	case json10:
		r.json(e, "application/x-amz-json-1.0")
	case json11:
		r.json(e, "application/x-amz-json-1.1")
	case query:
		r.xml("text/xml", errorResponse{XMLNS: s.namespace, Error: xmlError{Type: "Sender", Code: e.ErrorCode(), Message: e.ErrorMessage()}, RequestID: requestID})
		r.Header["X-Amzn-Requestid"] = requestID
	case ec2Query:
		r.xml("text/xml;charset=UTF-8", ec2Response{Errors: []xmlError{{Code: e.ErrorCode(), Message: e.ErrorMessage()}}, RequestID: requestID})
	case restXML:
		r.xml("application/xml", s3Error{Code: e.ErrorCode(), Message: e.ErrorMessage(), RequestID: requestID})
		r.Header["X-Amz-Request-Id"] = requestID
		if _, operation, _ := strings.Cut(e.Operation, ":"); strings.HasPrefix(operation, "Head") {
			r.Body = nil // as every answer to HEAD
		}
	}
	return r
}

// rest writes the code into the header and the message into the body.
func (r *Response) rest(e *Error) {
	message := e.ErrorMessage()
	if e.is("lambda:InvokeFunctionUrl") {
		message = "Forbidden" // a function URL says no more
	}
	r.Header["Content-Type"] = "application/json"
	r.Header["X-Amzn-Errortype"] = e.ErrorCode()
	r.Header["X-Amzn-Requestid"] = requestID
	r.Body = encode(struct{ Message string }{message})
}

// json writes code and message into the body.
func (r *Response) json(e *Error, contentType string) {
	s, code := e.service(), e.ErrorCode()
	kind := code
	if s.namespace != "" {
		kind = s.namespace + "#" + code
	}
	r.Header["Content-Type"] = contentType
	r.Header["X-Amzn-Requestid"] = requestID
	if e.prefix() == "sqs" { // which once spoke query
		r.Header["X-Amzn-Query-Error"] = code + ";Sender"
	}
	r.Body = encode(struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{kind, e.ErrorMessage()})
}

// encode is the JSON of strings, which always have one.
func encode(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

type xmlError struct {
	Type    string `xml:",omitempty"`
	Code    string
	Message string
}

type errorResponse struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	XMLNS     string   `xml:"xmlns,attr"`
	Error     xmlError
	RequestID string `xml:"RequestId"`
}

type ec2Response struct {
	XMLName   xml.Name   `xml:"Response"`
	Errors    []xmlError `xml:"Errors>Error"`
	RequestID string
}

type s3Error struct {
	XMLName       xml.Name `xml:"Error"`
	Code, Message string
	RequestID     string `xml:"RequestId"`
	HostID        string `xml:"HostId"`
}

// xml writes a document of strings, which always has a form.
func (r *Response) xml(contentType string, v any) {
	text, _ := xml.Marshal(v)
	r.Header["Content-Type"] = contentType
	r.Body = append([]byte(xml.Header), text...)
}
