// This program writes CONFORMANCE.md: what the rules are that code and errors
// cite by number, which choices were made where AWS leaves one, and which cases
// cover what. Run it at the top of the repository:
//
//	go run ./internal/conformance
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write makes CONFORMANCE.md anew from what lies below the repository's root.
func write(root string) error {
	text, err := document(os.DirFS(root))
	if err != nil {
		return err
	}
	return os.WriteFile(root+"/CONFORMANCE.md", []byte(text), 0o644)
}
