package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsEscapes lets a console of Windows read escapes, and reports whether it
// does.
func understandsEscapes(file *os.File) bool {
	var mode uint32
	console := windows.Handle(file.Fd())
	return windows.GetConsoleMode(console, &mode) == nil &&
		windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
