// Package cloudformation reads templates of CloudFormation into an
// [account.Builder]: what there will be once they are deployed.
package cloudformation
