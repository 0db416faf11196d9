package awsconfig_test

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/awsconfig"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/internal/golden"
)

const (
	trust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	invoke = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}`
	public = `{"Version":"2012-10-17","Statement":[{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:orders"}]}`
	bucket = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/deploy"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}]}`
)

func encoded(policy string) string { return url.PathEscape(policy) }

// role is an item of the role deploy.
func role(time, status, inline string) string {
	return `{"configurationItemCaptureTime":"` + time + `","configurationItemStatus":"` + status + `","awsAccountId":"111122223333","resourceType":"AWS::IAM::Role",
		"ARN":"arn:aws:iam::111122223333:role/deploy","tags":{"team":"red"},"configuration":{"roleName":"deploy","roleId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/deploy",
		"assumeRolePolicyDocument":"` + encoded(trust) + `","rolePolicyList":[{"policyName":"invoke","policyDocument":"` + encoded(inline) + `"}],
		"attachedManagedPolicies":{"policyName":"shared","policyArn":"arn:aws:iam::111122223333:policy/shared"}}}`
}

const shared = `{"configurationItemStatus":"OK","resourceType":"AWS::IAM::Policy","ARN":"arn:aws:iam::111122223333:policy/shared","configuration":{"policyName":"shared","defaultVersionId":"v2",
	"policyVersionList":[{"versionId":"v1","document":"%7B%22Statement%22%3A%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%22*%22%2C%22Resource%22%3A%22*%22%7D%7D","isDefaultVersion":false},{"versionId":"v2","isDefaultVersion":true,"document":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22*%22%7D%7D"}]}}`

func function(policy string) string {
	return `{"configurationItemStatus":"ResourceDiscovered","resourceType":"AWS::Lambda::Function","ARN":"arn:aws:lambda:us-east-1:111122223333:function:orders",
		"configuration":{"functionArn":"arn:aws:lambda:us-east-1:111122223333:function:orders","role":"arn:aws:iam::111122223333:role/deploy","layers":[]},
		"supplementaryConfiguration":{"Policy":` + policy + `}}`
}

func read(t *testing.T, texts ...string) (*account.Snapshot, error) {
	t.Helper()
	b := account.New()
	b.Partial = true
	r := awsconfig.NewReader(b)
	for i, text := range texts {
		require.NoError(t, r.Read("config-"+strconv.Itoa(i)+".json", strings.NewReader(text)))
	}
	r.Finish()
	return b.Build()
}

// can is what the role deploy gets for a request.
func can(t *testing.T, s *account.Snapshot, action, resource string) evaluator.Outcome {
	t.Helper()
	p, err := s.Principal("role/deploy")
	require.NoError(t, err)
	d, err := s.Decide(nil, p, resource, &evaluator.Request{Action: action})
	require.NoError(t, err)
	return d.Outcome()
}

func TestWhatAWSConfigPrints(t *testing.T) {
	const orders, box = "arn:aws:lambda:us-east-1:111122223333:function:orders", "arn:aws:s3:::box/key"
	twice := strconv.Quote(strconv.Quote(public))
	s3 := `{"resourceType":"AWS::S3::Bucket","accountId":"111122223333","arn":"arn:aws:s3:::box","configuration":"{}","supplementaryConfiguration":{"BucketPolicy":` + strconv.Quote(`{"policyText":`+strconv.Quote(bucket)+`}`) + `}}`
	row := role("2026-01-01T00:00:00.000Z", "OK", invoke)
	for name, texts := range map[string][]string{
		"a snapshot in S3":                              {`{"fileVersion":"1.0","configurationItems":[` + row + `,` + shared + `,` + function(strconv.Quote(public)) + `,` + s3 + `]}`},
		"a policy that is encoded twice":                {`{"configurationItems":[` + row + `,` + shared + `,` + function(twice) + `,` + s3 + `]}`},
		"a policy within objects and texts of these":    {`{"configurationItems":[` + row + `,` + shared + `,` + function(`{"revisionId":"1","Policy":`+strconv.Quote(`{"policyText":`+strconv.Quote(public)+`}`)+`,"policy":"not this one"}`) + `,` + s3 + `]}`},
		"a policy within an object":                     {`{"configurationItems":[` + row + `,` + shared + `,` + function(`{"policy":`+strconv.Quote(public)+`}`) + `,` + s3 + `]}`},
		"items of several files, the newest counts":     {`{"configurationItems":[` + role("2025-01-01T00:00:00.000Z", "OK", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`) + `]}`, `{"configurationItem":` + row + `,"messageType":"ConfigurationItemChangeNotification"}` + `{"configurationItems":[` + shared + `,` + function(strconv.Quote(public)) + `,` + s3 + `]}`},
		"rows of a query, each a string with an object": {`{"Results":[` + strconv.Quote(row) + `,` + strconv.Quote(shared) + `,` + strconv.Quote(function(strconv.Quote(public))) + `,` + strconv.Quote(s3) + `]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := read(t, texts...)
			require.NoError(t, err)
			assert.Equal(t, evaluator.Allowed, can(t, s, "lambda:InvokeFunction", orders), "by its inline policy")
			assert.Equal(t, evaluator.Allowed, can(t, s, "s3:GetObject", box), "by a managed policy")
			assert.Equal(t, evaluator.ImplicitDeny, can(t, s, "s3:PutObject", box), "by none")
			target, err := s.Target(orders)
			require.NoError(t, err)
			assert.Len(t, target.Policies, 1)
		})
	}
}

// Items of every type, in the shapes that they come in.
func TestAllThatIsReadOfAnItem(t *testing.T) {
	item := func(kind, arn, rest string) string {
		return `{"configurationItemStatus":"OK","accountId":"111122223333","resourceType":"` + kind + `","ARN":"` + arn + `",` + rest + `}`
	}
	named := func(arn string) string {
		return strconv.Quote(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"` + arn + `"}]}`)
	}
	const user, group, loose = "arn:aws:iam::111122223333:user/u", "arn:aws:iam::111122223333:group/g", "arn:aws:lambda:us-east-1:111122223333:function:"
	rows := []string{
		role("", "OK", invoke), shared, function(strconv.Quote(public)),
		item("AWS::IAM::User", user, `"tags":{"team":"red"},"configuration":{"userId":"AIDAEXAMPLE","userPolicyList":{"policyName":"own","policyDocument":"`+encoded(invoke)+`"},
			"attachedManagedPolicies":[{"policyArn":"arn:aws:iam::111122223333:policy/shared"}],"groupList":["g"],"permissionsBoundary":{"permissionsBoundaryArn":"arn:aws:iam::111122223333:policy/shared"},"tags":[{"key":"team","value":"blue"},{"key":null,"Key":"b","Value":"c"}]}`),
		item("AWS::IAM::User", user+"-tagged-once", `"tags":{"team":"red"},"configuration":{"userId":"AIDAEXAMPLETAG","tags":[{"key":"team","value":"blue"}]}`),
		item("AWS::IAM::User", user+"-tagged-beside", `"tags":{"team":"red"},"configuration":{"userId":"AIDAEXAMPLEBESIDE","tags":[]}`),
		item("AWS::IAM::Group", group, `"configuration":{"groupId":"AGPAEXAMPLE","groupPolicyList":[{"policyName":"own","policyDocument":"`+encoded(invoke)+`"}],"attachedManagedPolicies":[{"policyArn":"arn:aws:iam::111122223333:policy/shared"}],"tags":[{"key":"no","value":"tags"}]}`),
		item("AWS::Lambda::Function", loose+"qualified:7", `"configuration":{"role":"arn:aws:iam::111122223333:role/deploy","layers":[{"arn":"arn:aws:lambda:us-east-1:111122223333:layer:a:1"},{"Arn":"arn:aws:lambda:us-east-1:111122223333:layer:b:2"}]},"supplementaryConfiguration":"{\"Policy\":\"\"}"`),
		`{"resourceType":"AWS::Lambda::Function","resourceId":"without-role","configuration":{"functionArn":"` + loose + `without-role"}}`,
		item("AWS::S3::Bucket", "arn:aws:s3:::box", `"configuration":{},"supplementaryConfiguration":{"BucketPolicy":{"policyText":null},"Tags":[]},"tags":[]`),
		`{"resourceType":"AWS::IAM::User","configuration":{"arn":"arn:aws:iam::111122223333:user/v","userId":"AIDAEXAMPLEV"}}`,
		item("AWS::EC2::Instance", "arn:aws:ec2:us-east-1:111122223333:instance/i-1", `"configuration":{}`),
	}
	for _, p := range []struct{ kind, arn, member string }{
		{"AWS::KMS::Key", "kms:us-east-1:111122223333:key/a", "Policy"}, {"AWS::KMS::Key", "kms:us-east-1:111122223333:key/b", "policy"}, {"AWS::KMS::Key", "kms:us-east-1:111122223333:key/c", "keyPolicy"},
		{"AWS::SQS::Queue", "sqs:us-east-1:111122223333:a", "Policy"}, {"AWS::SQS::Queue", "sqs:us-east-1:111122223333:b", "policy"}, {"AWS::SNS::Topic", "sns:us-east-1:111122223333:a", "Policy"},
		{"AWS::ECR::Repository", "ecr:us-east-1:111122223333:repository/a", "RepositoryPolicyText"}, {"AWS::EFS::FileSystem", "elasticfilesystem:us-east-1:111122223333:file-system/fs-1", "FileSystemPolicy"},
		{"AWS::Events::EventBus", "events:us-east-1:111122223333:event-bus/a", "policy"}, {"AWS::OpenSearch::Domain", "es:us-east-1:111122223333:domain/a", "AccessPolicies"},
		{"AWS::Elasticsearch::Domain", "es:us-east-1:111122223333:domain/b", "accessPolicies"}, {"AWS::ApiGateway::RestApi", "execute-api:us-east-1:111122223333:abc", "policy"},
		{"AWS::Backup::BackupVault", "backup:us-east-1:111122223333:backup-vault:a", "accessPolicy"}, {"AWS::Glacier::Vault", "glacier:us-east-1:111122223333:vaults/a", "AccessPolicy"},
		{"AWS::CodeArtifact::Repository", "codeartifact:us-east-1:111122223333:repository/a/b", "PermissionsPolicyDocument"},
	} {
		arn := "arn:aws:" + p.arn
		rows = append(rows, item(p.kind, arn, `"configuration":{"`+p.member+`":`+named(arn)+`}`))
	}
	s, err := read(t, `{"configurationItems":[`+strings.Join(rows, ",\n")+`],"nextToken":"more"}`)
	require.NoError(t, err)
	golden.Compare(t, "testdata/items.txt", printed.Snapshot(s))
}

func TestWhatWasDeletedIsNotThere(t *testing.T) {
	s, err := read(t, `{"configurationItems":[`+role("2026-01-01T00:00:00.000Z", "OK", invoke)+`,`+role("2026-02-01T00:00:00.000Z", "ResourceDeleted", invoke)+`]}`)
	require.NoError(t, err)
	_, err = s.Principal("role/deploy")
	require.ErrorIs(t, err, account.ErrNotFound)
}

func TestAPolicyOfWhichNothingIsSaidIsNotKnown(t *testing.T) {
	without := strings.Replace(function("null"), `"supplementaryConfiguration":{"Policy":null}`, `"supplementaryConfiguration":{}`, 1)
	s, err := read(t, `{"configurationItems":[`+without+`]}`)
	require.NoError(t, err)
	_, err = s.Target("arn:aws:lambda:us-east-1:111122223333:function:orders")
	require.ErrorIs(t, err, account.ErrUnknown)
}

func TestOfItemsOfOneTimeTheLastCounts(t *testing.T) {
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
	s, err := read(t, `{"configurationItems":[`+role("2026-01-01", "OK", deny)+`,`+role("2026-01-01", "OK", invoke)+`,`+role("2025-01-01", "OK", deny)+`,`+shared+`,`+function(`""`)+`]}`)
	require.NoError(t, err)
	assert.Equal(t, evaluator.Allowed, can(t, s, "lambda:InvokeFunction", "arn:aws:lambda:us-east-1:111122223333:function:orders"))
}

// What could not be read is not known beside the fault.
func TestWhatIsWrongIsNotKnown(t *testing.T) {
	s, err := read(t, `{"configurationItems":[`+strings.Replace(strings.Replace(role("", "OK", invoke), encoded(invoke), "nothing", 1), encoded(trust), "nothing", 1)+`,`+function(`"none"`)+`]}`)
	require.Error(t, err)
	p, err := s.Principal("role/deploy")
	require.NoError(t, err)
	assert.Equal(t, account.InlinePolicies|account.TrustPolicy, p.Identity().Unknown())
	_, err = s.Target("arn:aws:lambda:us-east-1:111122223333:function:orders")
	assert.ErrorIs(t, err, account.ErrUnknown)
}

func TestAFileThatCannotBeRead(t *testing.T) {
	assert.EqualError(t, awsconfig.NewReader(account.New()).Read("config.json", iotest.ErrReader(io.ErrUnexpectedEOF)), "config.json: unexpected EOF")
}

func TestFaultsNameTheItem(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"a policy that is none":        {`{"configurationItems":[` + strings.Replace(role("", "OK", invoke), encoded(invoke), "nothing", 1) + `]}`, "configurationItems[0]: invoke"},
		"an item without type":         {`{"configurationItems":[{"arn":"x"}]}`, "configurationItems[0]: a configuration item has resourceType"},
		"an item that is a text":       {`{"Results":["none"]}`, "Results[0]: a configuration item has resourceType"},
		"an item that is cut off":      {`{"Results":["{\"resourceType\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\""]}`, "Results[0]: a configuration item has resourceType"},
		"a role without configuration": {`{"configurationItem":{"resourceType":"AWS::IAM::Role","ARN":"arn:aws:iam::111122223333:role/r"}}`, "configurationItem: has no configuration"},
		"a role without trust policy":  {`{"configurationItems":[` + strings.Replace(role("", "OK", invoke), encoded(trust), "nothing", 1) + `]}`, "configurationItems[0]: trust policy: "},
		"a function that is none":      {`{"configurationItems":[{"resourceType":"AWS::Lambda::Function","ARN":"f"}]}`, "configurationItems[0]: has no ARN of a function"},
		"a policy of a resource":       {`{"configurationItems":[` + function(`"none"`) + `]}`, "configurationItems[0]: policy of arn:aws:lambda:us-east-1:111122223333:function:orders: "},
		"a policy within too many":     {`{"configurationItems":[` + function(`{"policy":{"policy":{"policy":{"policy":{"policy":"{}"}}}}}`) + `]}`, "configurationItems[0]: policy of"},
		"a text that is no object":     {`{"configurationItems":[` + strings.Replace(role("", "OK", invoke), `"configuration":{`, `"configuration":"{","other":{`, 1) + `]}`, "configurationItems[0]"},
		"a policy without its default": {`{"configurationItems":[` + strings.Replace(shared, `"defaultVersionId":"v2",`, "", 1) + `]}`, "no defaultVersionId"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, row.text)
			require.ErrorContains(t, err, row.want)
		})
	}
	b := account.New()
	r := awsconfig.NewReader(b)
	require.NoError(t, r.Read("page.json", strings.NewReader(`{"Results":[],"nextToken":"more"}`)))
	require.NoError(t, r.Read("last.json", strings.NewReader(`{"Results":[],"nextToken":"","other":"more"}`)))
	_, err := b.Build()
	require.EqualError(t, err, "page.json goes on with further pages, which is not among what was read; give all pages, or say that the snapshot may be partial")
	r = awsconfig.NewReader(account.New())
	for text, want := range map[string]string{
		"":                           "config.json: ",
		`{"configurationItems":[]}]`: "config.json:1:26: ",
		`{"Things":[{}]}`:            "no configuration items",
		`{"configurationItems":{}}`:  "no configuration items",
		`{"configurationItems":[`:    "config.json",
		`{"configurationItems":[{`:   "config.json:1",
		`{"configurationItem":{`:     "config.json:1",
		`{"other":`:                  "config.json:1",
		`{"configSnapshotId":"x"}`:   "no configuration items",
		`[]`:                         "is an object with configurationItems",
	} {
		require.ErrorContains(t, r.Read("config.json", strings.NewReader(text)), want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"configurationItems":[` + role("2026-01-01T00:00:00.000Z", "OK", invoke) + `,` + shared + `,` + function(strconv.Quote(public)) + `]}`)
	f.Add(`{"Results":["{\"resourceType\":\"AWS::S3::Bucket\",\"arn\":\"arn:aws:s3:::b\",\"supplementaryConfiguration\":{\"BucketPolicy\":{\"policyText\":null}}}"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		b := account.New()
		b.Partial = true
		r := awsconfig.NewReader(b)
		err := r.Read("config.json", strings.NewReader(text))
		r.Finish()
		if s, faults := b.Build(); err == nil && faults == nil && s == nil {
			t.Fatal("neither a snapshot nor a fault")
		}
	})
}
