// Package awsconfig reads what AWS Config has recorded into an [account.Builder]:
// snapshots and histories as they lie in S3, notifications, and the answers of
// get-resource-config-history, batch-get-resource-config and
// select-resource-config.
//
//	b := account.New()
//	r := awsconfig.NewReader(b)
//	err := r.Read("snapshot.json", file)
//	r.Finish()
//	snapshot, err := b.Build()
//
// Of several items of one resource the newest counts; one that was deleted is not
// there. AWS Config does not record everything: policies of aliases and versions of
// functions, of layers, of tables, streams and secrets, and the organization are not
// known, and not absent.
package awsconfig
