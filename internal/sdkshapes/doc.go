// Package sdkshapes has tests that package awscli reads what the types of the AWS
// SDK marshal to. It is a module of its own, so that no SDK is in our go.sum.
package sdkshapes
