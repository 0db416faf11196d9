package area

import (
	"os"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	if got := Of(2, 3); got != 6 {
		t.Errorf("the area of 2 by 3 is %d", got)
	}
}

func TestName(t *testing.T) {
	if name != "area" {
		t.Errorf("the area of a package is its %s", name)
	}
}

func TestNothingOfTheRunOutsideIsSeen(t *testing.T) {
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "IAMSIM_") {
			t.Error(v)
		}
	}
}

func TestThatFails(t *testing.T) { t.Error("always") }
