package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/iamsim/iamsim/internal/spelling"
)

// A progress says on a terminal that the command is at work, from the first second
// on and until something else is printed.
type progress struct {
	done atomic.Int64 // scenarios
	stop func()       // ends it; nothing is left of it on the terminal
}

// atWork begins to say that a command is at work, if standard error is a terminal
// and nobody is asked to type.
func atWork(c *cobra.Command, args []string) *progress {
	p := &progress{stop: func() {}}
	types := c.Name() == "denied" || slices.Contains(args, "-")
	if !term.IsTerminal(int(os.Stderr.Fd())) || os.Getenv("TERM") == "dumb" || types && term.IsTerminal(int(os.Stdin.Fd())) {
		return p
	}
	ending, ended := make(chan struct{}), make(chan struct{})
	p.stop = sync.OnceFunc(func() {
		close(ending)
		<-ended
	})
	go func() {
		defer close(ended)
		p.say(os.Stderr, ending)
	}()
	return p
}

// say writes one line over and over, and takes it away in the end.
func (p *progress) say(on io.Writer, ending <-chan struct{}) {
	began := time.Now()
	said := false
	for {
		select {
		case <-ending:
			if said {
				fmt.Fprint(on, "\r\x1b[K")
			}
			return
		case <-time.After(time.Second):
		}
		said = true
		text := fmt.Sprintf("%d s", int(time.Since(began).Seconds()))
		if n := p.done.Load(); n > 0 {
			text += fmt.Sprintf(", %d scenarios", n)
		}
		fmt.Fprintf(on, "\r\x1b[Kiamsim: at work for %s", text)
	}
}

// notes is standard error, on which progress makes room. What is written to it is
// shown, as on a sheet.
type notes struct{ out *screen }

func (n notes) Write(p []byte) (int, error) {
	n.out.progress.stop()
	_, err := io.WriteString(n.out.notes, shown(string(p)))
	return len(p), err
}

// note tells on one line what is to be known beside an answer.
func note(on io.Writer, format string, args ...any) {
	fmt.Fprintf(on, "iamsim: note: %s\n", spelling.Line(fmt.Sprintf(format, args...)))
}
