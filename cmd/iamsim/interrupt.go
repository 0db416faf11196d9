package main

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/iamsim/iamsim/evaluator/scenario"
)

// An interruptible prints results as another printer does. A signal that ends the
// command lets it say that not all is there, and end what it has begun: whoever reads
// JSON finds a document.
type interruptible struct {
	printer
	out     *sheet
	signals chan os.Signal
	mutex   sync.Mutex
}

// errInterrupted stands in the place of the results that are not there.
var errInterrupted = errors.New("interrupted: the results that follow are not there")

func newInterruptible(p printer, out *sheet) *interruptible {
	i := &interruptible{printer: p, out: out, signals: make(chan os.Signal, 2)}
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s, ok := <-i.signals
		if !ok {
			return
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			i.mutex.Lock() // and keep it: nothing more is printed
			// What cannot be written any more is lost, and the signal tells it.
			none := &scenario.Scenario{}
			_ = errors.Join(i.printer.print(none, scenario.Failed(none, errInterrupted)), i.printer.end(), i.out.flush())
		}()
		select {
		case <-ended:
		case <-i.signals: // once more: at once
		case <-time.After(time.Second): // nobody reads
		}
		die(s)
	}()
	return i
}

// die ends the process as the signal would have.
func die(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // until it has come
	}
	os.Exit(int(broken))
}

func (i *interruptible) print(s *scenario.Scenario, r *scenario.Result) error {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	err := i.printer.print(s, r)
	if err != nil {
		i.stop()
	}
	return err
}

func (i *interruptible) end() error {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	defer i.stop()
	if err := i.printer.end(); err != nil {
		return err
	}
	return i.out.flush()
}

func (i *interruptible) stop() {
	signal.Stop(i.signals)
	close(i.signals)
}
