package validate

import (
	"strings"

	"github.com/iamsim/iamsim/evaluator/prove"
)

// An exposure is what can be done to a resource that the policy does not name.
type exposure struct {
	code    string
	actions []string
	on      string
}

// exposures are of resources that hold data or credentials, and of those whose own
// policy lets others in.
var exposures = []exposure{
	{"DATA_OF_ANY_RESOURCE", []string{"s3:GetObject"}, "arn:aws:s3:::" + nobody + "/x"},
	{"DATA_OF_ANY_RESOURCE", []string{"secretsmanager:GetSecretValue"}, "arn:aws:secretsmanager:*:*:secret:" + nobody},
	{"DATA_OF_ANY_RESOURCE", []string{"ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"}, "arn:aws:ssm:*:*:parameter/" + nobody},
	{"DATA_OF_ANY_RESOURCE", []string{"redshift:GetClusterCredentials"}, "arn:aws:redshift:*:*:dbuser:" + nobody + "/" + nobody},
	{"DATA_OF_ANY_RESOURCE", []string{"rds-db:connect"}, "arn:aws:rds-db:*:*:dbuser:" + nobody + "/" + nobody},
	{"DATA_OF_ANY_RESOURCE", []string{"ec2:GetPasswordData"}, "arn:aws:ec2:*:*:instance/i-" + nobody},

	{"SHARES_ANY_RESOURCE", []string{"s3:PutBucketPolicy", "s3:PutBucketAcl"}, "arn:aws:s3:::" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"kms:PutKeyPolicy", "kms:CreateGrant"}, "arn:aws:kms:*:*:key/" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"lambda:AddPermission"}, someFunction},
	{"SHARES_ANY_RESOURCE", []string{"lambda:AddLayerVersionPermission"}, "arn:aws:lambda:*:*:layer:" + nobody + ":1"},
	{"SHARES_ANY_RESOURCE", []string{"sns:AddPermission", "sns:SetTopicAttributes"}, "arn:aws:sns:*:*:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"sqs:AddPermission", "sqs:SetQueueAttributes"}, "arn:aws:sqs:*:*:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"ecr:SetRepositoryPolicy"}, "arn:aws:ecr:*:*:repository/" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"secretsmanager:PutResourcePolicy"}, "arn:aws:secretsmanager:*:*:secret:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"dynamodb:PutResourcePolicy"}, "arn:aws:dynamodb:*:*:table/" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"ec2:ModifySnapshotAttribute"}, "arn:aws:ec2:*::snapshot/snap-" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"ec2:ModifyImageAttribute"}, "arn:aws:ec2:*::image/ami-" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"rds:ModifyDBSnapshotAttribute"}, "arn:aws:rds:*:*:snapshot:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"rds:ModifyDBClusterSnapshotAttribute"}, "arn:aws:rds:*:*:cluster-snapshot:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"elasticfilesystem:PutFileSystemPolicy"}, "arn:aws:elasticfilesystem:*:*:file-system/" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"backup:PutBackupVaultAccessPolicy"}, "arn:aws:backup:*:*:backup-vault:" + nobody},
	{"SHARES_ANY_RESOURCE", []string{"ssm:ModifyDocumentPermission"}, "arn:aws:ssm:*:*:document/" + nobody},
}

// exposes finds resources that the policy does not name, not even by a tag, of which
// data can be read, or that can be shared with others: one finding of each service.
func (x *prover) exposes() {
	if x.isAdministrator() {
		return
	}
	named := x.withoutTagged()
	told := map[string]bool{}
	for i := range exposures {
		e := &exposures[i]
		service, _, _ := strings.Cut(e.actions[0], ":")
		for _, action := range e.actions {
			if told[e.code+service] || !x.grantsAnywhere(action) {
				continue
			}
			r := x.granted(named, prove.Access{Actions: []string{action}, Resources: []string{e.on}})
			if r == nil {
				continue
			}
			told[e.code+service] = true
			says := "%s on any resource reads what the policy does not name: name the resources"
			if e.code == "SHARES_ANY_RESOURCE" {
				says = "%s on any resource can let others in: name the resources"
			}
			x.show(x.report(e.code, x.whereGranted(action), says, action), r)
		}
	}
}
