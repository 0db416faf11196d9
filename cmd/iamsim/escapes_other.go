//go:build !windows

package main

import "os"

// understandsEscapes reports that terminals read escapes.
func understandsEscapes(*os.File) bool { return true }
