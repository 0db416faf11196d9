// Package terraform reads what `terraform show -json` prints of a plan or a state
// into an [account.Builder], before the plan is applied and after it.
package terraform
