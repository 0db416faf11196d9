package denial

import "strings"

// LookUp is the command of the AWS CLI that finds the event of the denied request
// in CloudTrail, which tells what the text does not: by its request id, and by the
// operation where that is known. "" where the text has no request id, or tells
// everything.
func (d *Denial) LookUp() string {
	if d.RequestID == "" || d.Form == FromEvent || d.Principal != "" && d.Action != "" && d.Resource != "" {
		return ""
	}
	command := "aws cloudtrail lookup-events"
	if name := versionSuffix().ReplaceAllLiteralString(d.Operation, ""); name != "" && services().prefix(d.Service) != "lambda" && !strings.HasPrefix(d.Action, "lambda:") {
		command += " --lookup-attributes AttributeKey=EventName,AttributeValue=" + name
	} else if service := services().prefix(d.Service); service != "" {
		command += " --lookup-attributes AttributeKey=EventSource,AttributeValue=" + service + ".amazonaws.com"
	}
	if d.Region != "" {
		command += " --region " + d.Region
	}
	return command + " --output text --query \"Events[?contains(CloudTrailEvent, '" + d.RequestID + "')].CloudTrailEvent\""
}
