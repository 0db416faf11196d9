package validate

import (
	"slices"
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/internal/fold"
	"github.com/iamsim/iamsim/internal/operator"
	"github.com/iamsim/iamsim/policy"
)

// nobody is a name that no policy has but by a wildcard.
const nobody = "8f3b1c-named-by-nobody"

// changesOf are the actions of changesAccess by the resources that they are on.
var changesOf = []prove.Access{
	{Actions: []string{"iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"}, Resources: []string{"arn:aws:iam::*:user/" + nobody}},
	{Actions: []string{"iam:AttachGroupPolicy", "iam:PutGroupPolicy", "iam:AddUserToGroup"}, Resources: []string{"arn:aws:iam::*:group/" + nobody}},
	{Actions: []string{"iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"}, Resources: []string{someRole}},
	{Actions: []string{"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"}, Resources: []string{"arn:aws:iam::*:policy/" + nobody}},
}

// escalatesByIAM finds an Allow to change what users, groups, roles or policies may
// do that the policy does not name. Whoever changes only those that have a boundary,
// attaches only policies that the policy names, or changes only itself, does not.
func (x *prover) escalatesByIAM() {
	if x.isAdministrator() || !slices.ContainsFunc(changesAccess, x.grantsAnywhere) || x.has("NOTACTION_GRANTS_IAM") {
		return
	}
	d := x.but(
		policy.Statement{Action: changesAccess, Condition: []policy.Condition{{Operator: policy.Operator{Test: policy.Null}, Key: "iam:PermissionsBoundary", Values: policy.Values{"false"}}}},
		policy.Statement{Action: policy.Values{"iam:Attach*Policy"}, Condition: []policy.Condition{
			{Operator: policy.Operator{Test: policy.ArnNotEquals}, Key: "iam:PolicyARN", Values: policy.Values{"arn:aws:iam::aws:policy/AdministratorAccess"}},
		}},
		policy.Statement{Action: policy.Values{"*"}, Condition: []policy.Condition{{Operator: policy.Operator{Test: policy.StringEquals}, Key: "aws:username", Values: policy.Values{nobody}}}},
	)
	if r := x.granted(d, changesOf...); r != nil {
		x.show(x.report("ESCALATION_THROUGH_IAM", x.whereGranted(r.Action), "%s on what the policy does not name: a caller can give itself more; name it, or demand a boundary by iam:PermissionsBoundary", r.Action), r)
	}
}

// A way gives the permissions of a role to who may do some actions: a role that is
// passed to a service, or with no service one that is in use.
type way struct {
	service string // that the role is passed to
	actions []string
	on      string // the resource of the first action, where it is in use
}

// ways are those of the services in which a caller can run code of its own. AWS
// Lambda has its own code.
var ways = []way{
	{service: "ec2.amazonaws.com", actions: []string{"ec2:RunInstances"}},
	{service: "ec2.amazonaws.com", actions: []string{"ec2:RequestSpotInstances"}},
	{service: "cloudformation.amazonaws.com", actions: []string{"cloudformation:CreateStack"}},
	{service: "cloudformation.amazonaws.com", actions: []string{"cloudformation:UpdateStack"}},
	{service: "cloudformation.amazonaws.com", actions: []string{"cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"}},
	{service: "codebuild.amazonaws.com", actions: []string{"codebuild:CreateProject", "codebuild:StartBuild"}},
	{service: "codebuild.amazonaws.com", actions: []string{"codebuild:CreateProject", "codebuild:StartBuildBatch"}},
	{service: "glue.amazonaws.com", actions: []string{"glue:CreateDevEndpoint"}},
	{service: "glue.amazonaws.com", actions: []string{"glue:CreateJob", "glue:StartJobRun"}},
	{service: "glue.amazonaws.com", actions: []string{"glue:CreateJob", "glue:CreateTrigger"}},
	{service: "glue.amazonaws.com", actions: []string{"glue:UpdateJob", "glue:StartJobRun"}},
	{service: "sagemaker.amazonaws.com", actions: []string{"sagemaker:CreateNotebookInstance"}},
	{service: "sagemaker.amazonaws.com", actions: []string{"sagemaker:CreateTrainingJob"}},
	{service: "sagemaker.amazonaws.com", actions: []string{"sagemaker:CreateProcessingJob"}},
	{service: "ecs-tasks.amazonaws.com", actions: []string{"ecs:RegisterTaskDefinition", "ecs:RunTask"}},
	{service: "ecs-tasks.amazonaws.com", actions: []string{"ecs:RegisterTaskDefinition", "ecs:StartTask"}},
	{service: "ecs-tasks.amazonaws.com", actions: []string{"ecs:RegisterTaskDefinition", "ecs:CreateService"}},
	{service: "ecs-tasks.amazonaws.com", actions: []string{"ecs:RegisterTaskDefinition", "ecs:UpdateService"}},
	{service: "tasks.apprunner.amazonaws.com", actions: []string{"apprunner:CreateService"}},
	{service: "datapipeline.amazonaws.com", actions: []string{"datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"}},
	{service: "states.amazonaws.com", actions: []string{"states:CreateStateMachine", "states:StartExecution"}},
	{service: "bedrock-agentcore.amazonaws.com", actions: []string{"bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:InvokeCodeInterpreter"}},

	{actions: []string{"ssm:SendCommand"}, on: "arn:aws:ec2:*:*:instance/i-" + nobody},
	{actions: []string{"ssm:StartSession"}, on: "arn:aws:ec2:*:*:instance/i-" + nobody},
	{actions: []string{"ec2-instance-connect:SendSSHPublicKey"}, on: "arn:aws:ec2:*:*:instance/i-" + nobody},
	{actions: []string{"ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"}, on: "arn:aws:ec2:*:*:instance/i-" + nobody},
	{actions: []string{"ecs:ExecuteCommand"}, on: "arn:aws:ecs:*:*:task/" + nobody + "/" + nobody},
	{actions: []string{"glue:UpdateDevEndpoint"}, on: "arn:aws:glue:*:*:devEndpoint/" + nobody},
	{actions: []string{"sagemaker:CreatePresignedNotebookInstanceUrl"}, on: "arn:aws:sagemaker:*:*:notebook-instance/" + nobody},
	{actions: []string{"cloudformation:UpdateStack"}, on: "arn:aws:cloudformation:*:*:stack/" + nobody + "/" + nobody},
	{actions: []string{"cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"}, on: "arn:aws:cloudformation:*:*:stack/" + nobody + "/" + nobody},
	{actions: []string{"bedrock-agentcore:InvokeCodeInterpreter"}, on: "arn:aws:bedrock-agentcore:*:*:code-interpreter/" + nobody},
}

// escalatesByServices finds the ways in which other services than AWS Lambda give a
// caller the permissions of a role that its policy does not name, one of each service.
func (x *prover) escalatesByServices() {
	if x.isAdministrator() {
		return
	}
	told, passes := map[string]bool{}, map[string]*prove.Request{}
	for i := range ways {
		w := &ways[i]
		service, _, _ := strings.Cut(w.actions[0], ":")
		if told[service] || slices.ContainsFunc(w.actions, func(action string) bool { return !x.grantsAnywhere(action) }) {
			continue
		}
		if w.service == "" {
			if r := x.allowsUntagged(w); r != nil {
				told[service] = true
				x.show(x.report("ESCALATION_THROUGH_SERVICE", x.whereGranted(w.actions[0]), "%s on any resource gives the permissions of its role: name the resources", words(w.actions)), r)
			}
			continue
		}
		r, asked := passes[w.service]
		if !asked {
			r = x.passesTo(w.service)
			passes[w.service] = r
		}
		if r != nil && x.allowsEach(w.actions) {
			told[service] = true
			x.show(x.report("ESCALATION_THROUGH_SERVICE", x.whereGranted("iam:PassRole"), "%s with any role gives the permissions of every role that %s may assume: name the roles", words(w.actions), w.service), r)
		}
	}
}

// words are actions in a sentence.
func words(actions []string) string {
	last := len(actions) - 1
	if last == 0 {
		return actions[0]
	}
	return strings.Join(actions[:last], ", ") + " and " + actions[last]
}

// passesTo is a request that passes a role that nobody names to a service; nil if
// there is none.
func (x *prover) passesTo(service string) *prove.Request {
	if !x.grantsAnywhere("iam:PassRole") {
		return nil
	}
	pass := x.but(policy.Statement{Action: policy.Values{"iam:PassRole"}, Condition: []policy.Condition{
		{Operator: policy.Operator{Test: policy.StringNotEquals}, Key: "iam:PassedToService", Values: policy.Values{service}},
	}})
	return x.granted(pass, prove.Access{Actions: []string{"iam:PassRole"}, Resources: []string{someRole}})
}

// allowsEach reports whether each of the actions is allowed somewhere.
func (x *prover) allowsEach(actions []string) bool {
	return !slices.ContainsFunc(actions, func(action string) bool {
		return x.granted(x.document, prove.Access{Actions: []string{action}}) == nil
	})
}

// allowsUntagged is a request for the first action of a way on a resource that nobody
// names, not even by a tag; nil if there is none, or the others are not allowed.
func (x *prover) allowsUntagged(w *way) *prove.Request {
	d := x.withoutTagged()
	if !x.allowsEach(w.actions[1:]) {
		return nil
	}
	return x.granted(d, prove.Access{Actions: w.actions[:1], Resources: []string{w.on}})
}

// withoutTagged is the document without what it allows by the tags of resources.
func (x *prover) withoutTagged() *policy.Document {
	d := *x.document
	d.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(st policy.Statement) bool {
		return st.Effect == policy.Allow && slices.ContainsFunc(st.Condition, func(c policy.Condition) bool {
			return strings.Contains(fold.String(c.Key), "resourcetag/") && !operator.HoldsAbsent(c.Operator)
		})
	})
	return &d
}

// granted is a request of the access that a document allows; nil if it proves to allow
// none. Only what can decide such a request is asked about, since that is quicker.
func (x *prover) granted(d *policy.Document, access ...prove.Access) *prove.Request {
	part := &policy.Document{Version: d.Version}
	for i := range d.Statements {
		x.index, x.st = i, &d.Statements[i]
		if x.st.Effect == policy.Deny || slices.ContainsFunc(access, func(a prove.Access) bool {
			return slices.ContainsFunc(a.Actions, func(action string) bool { _, at := x.grants(action); return at != nil })
		}) {
			part.Statements = append(part.Statements, *x.st)
		}
	}
	return refuted(x.NotGranted(x.ctx, prove.Identity(part), access...))
}

// but is the document with Deny statements for all resources beside it.
func (x *prover) but(denied ...policy.Statement) *policy.Document {
	d := *x.document
	d.Statements = slices.Clone(d.Statements)
	for _, st := range denied {
		st.Effect, st.Resource = policy.Deny, policy.Values{"*"}
		d.Statements = append(d.Statements, st)
	}
	return &d
}

// isAdministrator reports whether a statement allows everything, or may once its values
// are known: who has it needs no escalation.
func (x *prover) isAdministrator() bool {
	statements := x.document.Statements
	if x.open != nil {
		statements = x.open.Statements
	}
	all := func(values policy.Values) bool { return hasStar(values) || slices.ContainsFunc(values, isPlanned) }
	return slices.ContainsFunc(statements, func(st policy.Statement) bool {
		return st.Effect == policy.Allow && all(st.Action) && all(st.Resource) && (len(st.Condition) == 0 || doubted(&st))
	})
}

// has reports whether a code was found.
func (x *prover) has(code string) bool {
	return slices.ContainsFunc(x.found, func(f found) bool { return f.Code == code })
}
