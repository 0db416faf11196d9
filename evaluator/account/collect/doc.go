// Package collect reads the folders that cloud-copilot's iam-collect writes into an
// [account.Builder]: accounts with their users, groups, roles, policies, functions
// and resources, and organizations with their service and resource control policies.
//
//	b := account.New()
//	err := collect.Read(b, "iam-data", os.DirFS("iam-data"))
//	snapshot, err := b.Build()
//
// A collection is complete as to what it collects: of what it has no file, there is
// none.
package collect
