package collect_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/evaluator"
	"github.com/iamsim/iamsim/evaluator/account"
	"github.com/iamsim/iamsim/evaluator/account/collect"
	"github.com/iamsim/iamsim/evaluator/account/files"
	"github.com/iamsim/iamsim/evaluator/account/internal/printed"
	"github.com/iamsim/iamsim/evaluator/account/planned"
	"github.com/iamsim/iamsim/internal/golden"
)

// collection is one account of one organization.
func collection() fstest.MapFS {
	const (
		iam    = "data/aws/aws/accounts/111122223333/iam/"
		lambda = "data/aws/aws/accounts/111122223333/lambda/us-east-1/function/orders/"
		org    = "data/aws/aws/organizations/o-a1b2c3d4e5/"
		guard  = "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-guard"
		full   = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
	)
	all := fstest.MapFS{}
	for name, text := range map[string]string{
		"data/aws/aws/accounts/111122223333/metadata.json":                         `{"accountId":"111122223333"}`,
		iam + "role/deploy/metadata.json":                                          `{"arn":"arn:aws:iam::111122223333:role/ci/Deploy","name":"Deploy","id":"AROAEXAMPLE","path":"/ci/","permissionBoundary":"arn:aws:iam::111122223333:policy/limit"}`,
		iam + "role/deploy/trust-policy.json":                                      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`,
		iam + "role/deploy/inline-policies.json":                                   `[{"PolicyName":"code","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:*","Resource":"*"}]}}]`,
		iam + "role/deploy/managed-policies.json":                                  `["arn:aws:iam::aws:policy/ReadOnlyAccess"]`,
		iam + "role/deploy/tags.json":                                              `{"team":"red"}`,
		iam + "user/ann/metadata.json":                                             `{"arn":"arn:aws:iam::111122223333:user/ann","name":"ann","id":"AIDAEXAMPLE"}`,
		iam + "user/ann/groups.json":                                               `["arn:aws:iam::111122223333:group/dev/Makers"]`,
		iam + "group/makers/metadata.json":                                         `{"arn":"arn:aws:iam::111122223333:group/dev/Makers","name":"Makers","id":"AGPAEXAMPLE"}`,
		iam + "group/makers/managed-policies.json":                                 `["arn:aws:iam::111122223333:policy/limit"]`,
		iam + "policy/limit/metadata.json":                                         `{"arn":"arn:aws:iam::111122223333:policy/limit","name":"limit"}`,
		iam + "policy/limit/current-policy.json":                                   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:GetFunction","lambda:DeleteFunction"],"Resource":"*"}]}`,
		iam + "aws/policy/readonlyaccess/metadata.json":                            `{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess","name":"ReadOnlyAccess"}`,
		iam + "aws/policy/readonlyaccess/current-policy.json":                      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`,
		lambda + "metadata.json":                                                   `{"arn":"arn:aws:lambda:us-east-1:111122223333:function:orders","name":"orders","role":"arn:aws:iam::111122223333:role/ci/Deploy"}`,
		lambda + "policy.json":                                                     `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:orders"}]}`,
		"data/aws/aws/accounts/111122223333/s3/us-east-1/bucket/box/metadata.json": `{"arn":"arn:aws:s3:::box","name":"box"}`,
		org + "metadata.json":                                                      `{"id":"o-a1b2c3d4e5","rootOu":"r-ab12","rootAccountId":"999999999999","features":{"SERVICE_CONTROL_POLICY":true}}`,
		org + "ous.json":                                                           `{"r-ab12":{"scps":["` + full + `"],"rcps":[]},"ou-ab12-prod":{"parent":"r-ab12","scps":["` + full + `","` + guard + `"],"rcps":[]}}`,
		org + "accounts.json":                                                      `{"111122223333":{"ou":"ou-ab12-prod","scps":["` + full + `"],"rcps":[],"tags":{}}}`,
		org + "scps/p-guard/metadata.json":                                         `{"arn":"` + guard + `","name":"guard"}`,
		org + "scps/p-guard/policy.json":                                           `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"lambda:DeleteFunction","Resource":"*"}]}`,
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestACollectionIsWhatItsFilesSay(t *testing.T) {
	b := account.New()
	b.Partial = true
	require.NoError(t, files.LoadFS(b, planned.Given{}, collection()))
	s, err := b.Build()
	require.NoError(t, err)
	const orders = "arn:aws:lambda:us-east-1:111122223333:function:orders"
	for _, row := range []struct {
		why, who, action, on string
		want                 evaluator.Outcome
		layer                string
	}{
		{"its inline policy and its boundary allow", "role/ci/Deploy", "lambda:GetFunction", orders, evaluator.Allowed, ""},
		{"its boundary does not allow", "role/ci/Deploy", "lambda:UpdateFunctionCode", orders, evaluator.ImplicitDeny, "boundary"},
		{"an AWS managed policy as it was collected", "role/ci/Deploy", "s3:GetObject", "arn:aws:s3:::box/k", evaluator.ImplicitDeny, "boundary"},
		{"an SCP of the unit denies", "role/ci/Deploy", "lambda:DeleteFunction", orders, evaluator.ExplicitDeny, "scp"},
		{"a user by the policy of a group", "user/ann", "lambda:GetFunction", orders, evaluator.Allowed, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			p, err := s.Principal(row.who)
			require.NoError(t, err)
			d, err := s.Decide(nil, p, row.on, &evaluator.Request{Action: row.action})
			require.NoError(t, err)
			assert.Equal(t, row.want, d.Outcome())
			if row.layer != "" {
				assert.Equal(t, row.layer, d.Layer().String())
			}
		})
	}
	target, err := s.Target(orders)
	require.NoError(t, err)
	assert.Len(t, target.Policies, 1)
}

func TestAllThatIsReadOfACollection(t *testing.T) {
	const account1, org = "data/aws/aws/accounts/111122223333/", "data/aws/aws/organizations/o-a1b2c3d4e5/"
	all := collection()
	for name, text := range map[string]string{
		account1 + "iam/user/ann/tags.json":                               `[{"Key":"team","Value":"red"},{"Key":"a","Value":"b"}]`,
		account1 + "iam/group/makers/tags.json":                           `{"no":"tags"}`,
		account1 + "lambda/us-east-1/function/other/metadata.json":        `{"arn":"arn:aws:lambda:us-east-1:111122223333:function:other"}`,
		account1 + "sqs/us-east-1/queue/q/metadata.json":                  `{"arn":"arn:aws:sqs:us-east-1:111122223333:q"}`,
		account1 + "sqs/us-east-1/queue/q/policy.json":                    `null`,
		"data/aws/aws-cn/accounts/444455556666/iam/user/bo/metadata.json": `{"arn":"arn:aws-cn:iam::444455556666:user/bo","id":"AIDAEXAMPLEBO"}`,
		org + "metadata.json":                                             `{"id":"o-a1b2c3d4e5","rootOu":"r-ab12","rootAccountId":"999999999999","features":{"SERVICE_CONTROL_POLICY":true,"RESOURCE_CONTROL_POLICY":true}}`,
		org + "ous.json":                                                  `{"r-ab12":{"scps":[],"rcps":["arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/resource_control_policy/p-queues"]},"ou-ab12-prod":{"name":"prod","parent":"r-ab12","scps":["arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"],"rcps":[]},"ou-ab12-test":{"name":"test","parent":"r-ab12"}}`,
		org + "accounts.json":                                             `{"111122223333":{"ou":"ou-ab12-prod","scps":[]},"444455556666":{"ou":"ou-ab12-test"}}`,
		org + "rcps/p-queues/metadata.json":                               `{"arn":"arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/resource_control_policy/p-queues","name":"queues"}`,
		org + "rcps/p-queues/policy.json":                                 `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*"}]}`,
		org + "scps/p-FullAWSAccess/metadata.json":                        `{"arn":"arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess","name":"FullAWSAccess"}`,
		"data/aws/aws/organizations/README":                               "no organization",
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	b := account.New()
	b.Partial = true
	require.NoError(t, files.LoadFS(b, planned.Given{}, all))
	s, err := b.Build()
	require.NoError(t, err)
	golden.Compare(t, "testdata/collection.txt", printed.Snapshot(s))
}

func TestFaultsOfACollectionNameTheFile(t *testing.T) {
	for name, row := range map[string]struct {
		file, text, want string
		unknown          account.Part // of the role
	}{
		"a file that is no JSON":  {"data/aws/aws/accounts/111122223333/iam/role/deploy/tags.json", `{`, "deploy/tags.json: is not JSON", 0},
		"a policy that is none":   {"data/aws/aws/accounts/111122223333/lambda/us-east-1/function/orders/policy.json", `{"Statement":1}`, "orders/policy.json", 0},
		"an inline policy":        {"data/aws/aws/accounts/111122223333/iam/role/deploy/inline-policies.json", `[{"PolicyName":"x","PolicyDocument":1}]`, "deploy/inline-policies.json: [0]: ", account.InlinePolicies},
		"a trust policy":          {"data/aws/aws/accounts/111122223333/iam/role/deploy/trust-policy.json", `1`, "deploy/trust-policy.json: ", account.TrustPolicy},
		"a policy of an SCP":      {"data/aws/aws/organizations/o-a1b2c3d4e5/scps/p-guard/policy.json", `1`, "p-guard/policy.json: ", 0},
		"a folder that is a file": {"data/aws/aws/organizations/o-a1b2c3d4e5/rcps", `1`, "o-a1b2c3d4e5/rcps: ", 0},
		"an ARN that is none":     {"data/aws/aws/accounts/111122223333/iam/user/ann/metadata.json", `{"arn":"ann"}`, "ann/metadata.json", 0},
	} {
		t.Run(name, func(t *testing.T) {
			all := collection()
			all[row.file] = &fstest.MapFile{Data: []byte(row.text)}
			b := account.New()
			b.Partial = true
			require.NoError(t, files.LoadFS(b, planned.Given{}, all))
			s, err := b.Build()
			require.ErrorContains(t, err, row.want)
			p, err := s.Principal("role/Deploy")
			require.NoError(t, err)
			assert.Equal(t, row.unknown, p.Identity().Unknown())
		})
	}
}

// A filesystem of which a folder cannot be read.
type locked struct {
	fs.FS
	folder string
}

func (l locked) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == l.folder {
		return nil, fs.ErrPermission
	}
	return fs.ReadDir(l.FS, name)
}

func TestAFolderThatCannotBeReadIsAnError(t *testing.T) {
	for _, folder := range []string{"aws/aws/accounts/111122223333/iam", "aws/aws/organizations"} {
		below, err := fs.Sub(collection(), "data")
		require.NoError(t, err)
		err = collect.Read(account.New(), "data", locked{below, folder})
		assert.ErrorIs(t, err, fs.ErrPermission, folder)
	}
	// Nor can a mix of files.
	mix := fstest.MapFS{"a.json": {Data: []byte(`{"Users": []}`)}, "below/b.json": {Data: []byte(`{"Users": []}`)}}
	for _, folder := range []string{".", "below"} {
		assert.ErrorIs(t, files.LoadFS(account.New(), planned.Given{}, locked{mix, folder}), fs.ErrPermission, folder)
	}
}

func TestAFolderWithTheNameOfAFileIsNone(t *testing.T) {
	all := collection()
	all["data/aws/aws/accounts/111122223333/iam/user/odd/metadata.json/x"] = &fstest.MapFile{Data: []byte("{}")}
	b := account.New()
	b.Partial = true
	require.NoError(t, files.LoadFS(b, planned.Given{}, all))
	_, err := b.Build()
	require.NoError(t, err)
}

func TestAFolderThatIsNoCollection(t *testing.T) {
	assert.False(t, collect.Is(fstest.MapFS{"aws.json": &fstest.MapFile{}}))
	assert.True(t, collect.Is(fstest.MapFS{"aws/accounts/1/metadata.json": &fstest.MapFile{}}))
}

func FuzzRead(f *testing.F) {
	for name, file := range collection() {
		f.Add(name, string(file.Data))
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		all := collection()
		if all[name] == nil {
			name = "data/aws/aws/accounts/111122223333/iam/role/deploy/metadata.json"
		}
		all[name] = &fstest.MapFile{Data: []byte(text)}
		b := account.New()
		b.Partial = true
		err := files.LoadFS(b, planned.Given{}, all)
		if s, faults := b.Build(); err == nil && faults == nil && s == nil {
			t.Fatal("neither a snapshot nor a fault")
		}
	})
}
