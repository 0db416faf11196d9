package main

import "os"

// addLimits adds the section about goals near the floor, and what was tried to
// reach them, which is written by hand.
func addLimits(file string, r *report) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	r.section("Close to the limit", string(text))
	return nil
}
