package summary_test

import (
	"fmt"
	"github.com/iamsim/iamsim/evaluator/prove"
	"github.com/iamsim/iamsim/evaluator/summary"
	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/catalog"
	"github.com/iamsim/iamsim/policy/managed"
	"os"
	"strings"
	"testing"
)

func TestPeek(t *testing.T) {
	x := prove.Prover{Catalog: catalog.Default()}
	for _, n := range strings.Fields(os.Getenv("PEEK")) {
		p, err := managed.ByName(n)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := p.Document("")
		s, err := summary.Of(t.Context(), &x, policy.Identity, d)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("=====", n)
		fmt.Println(wrap(s.Text()))
	}
}
