package catalog_test

import (
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy/catalog"
)

func data(tb testing.TB) []byte {
	tb.Helper()
	data, err := os.ReadFile("catalog.data")
	require.NoError(tb, err)
	return data
}

func BenchmarkAction(b *testing.B) {
	c := catalog.Default()
	c.Action("lambda:GetFunction")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := c.Action("lambda:GetFunction"); !ok {
			b.Fatal("no such action")
		}
	}
}

func BenchmarkKey(b *testing.B) {
	c := catalog.Default()
	for _, name := range []string{"aws:SourceIp", "aws:RequestTag/team", "aws:none"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Key(name)
			}
		})
	}
}

func BenchmarkExpand(b *testing.B) {
	c := catalog.Default()
	for _, pattern := range []string{"lambda:Get*", "*", "*:Get?unction"} {
		b.Run(pattern, func(b *testing.B) {
			for b.Loop() {
				if len(c.Expand(pattern)) == 0 {
					b.Fatal("no actions")
				}
			}
		})
	}
}

func BenchmarkTypesOf(b *testing.B) {
	c := catalog.Default()
	for b.Loop() {
		if len(c.TypesOf("arn:aws:lambda:us-east-1:123456789012:function:my-function:prod")) == 0 {
			b.Fatal("no types")
		}
	}
}

func BenchmarkNearestAction(b *testing.B) {
	c := catalog.Default()
	for b.Loop() {
		if c.NearestAction("ec2:DescribeInstanses") == "" {
			b.Fatal("no suggestion")
		}
	}
}

// Policies can name thousands of actions that do not exist.
func BenchmarkNearestActionOfManyKinds(b *testing.B) {
	c := catalog.Default()
	for name, action := range map[string]string{
		"misspelt": "ec2:DescribeInstanses", "nothing like it": "ec2:Xyzzyplughplover", "a stem": "ec2:DescribInst*",
		"another service": "ecc2:DescribeInstances", "no service": "completely-unknown:Get",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.NearestAction(action)
			}
		})
	}
}

// The first question to a catalogue: index, one chunk and one service.
func BenchmarkOneService(b *testing.B) {
	d := string(data(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := catalog.Fresh(d).Action("lambda:GetFunction"); !ok {
			b.Fatal("no such action")
		}
	}
}

func BenchmarkAllServices(b *testing.B) {
	d := data(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := catalog.Parse(d); err != nil {
			b.Fatal(err)
		}
	}
}

// What stays in memory after the first question, and after all.
func BenchmarkMemory(b *testing.B) {
	d := string(data(b))
	for name, ask := range map[string]func(*catalog.Catalog){
		"one": func(c *catalog.Catalog) { c.Action("lambda:GetFunction") },
		"all": func(c *catalog.Catalog) { c.Expand("*") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				c := catalog.Fresh(d)
				ask(c)
				runtime.GC()
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "B-kept")
				runtime.KeepAlive(c)
			}
		})
	}
}
