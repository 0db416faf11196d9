package managed_test

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/iamsim/iamsim/policy"
	"github.com/iamsim/iamsim/policy/managed"
)

func find(t testing.TB, name string) *managed.Policy {
	t.Helper()
	p, err := managed.ByName(name)
	require.NoError(t, err)
	return p
}

func TestWhatIsThere(t *testing.T) {
	all, lambda, jobs, versions, dated := 0, 0, 0, 0, 0
	last := ""
	for p := range managed.Policies() {
		assert.Less(t, last, p.Name(), "in the order of names")
		last = p.Name()
		all++
		if strings.Contains(p.Name(), "Lambda") {
			lambda++
		}
		if p.Path() == "/job-function/" {
			jobs++
		}
		for _, v := range p.Versions() {
			versions++
			if !v.Date.IsZero() {
				dated++
			}
		}
	}
	t.Logf("as of %s: %d policies, %d of Lambda, %d of job functions; %d versions, %d with a date", managed.Date(), all, lambda, jobs, versions, dated)
	assert.GreaterOrEqual(t, all, 1594+2, "today's and the two deprecated")
	assert.GreaterOrEqual(t, lambda, 27+2)
	assert.GreaterOrEqual(t, jobs, 8)
	assert.GreaterOrEqual(t, versions, 6196)
	assert.GreaterOrEqual(t, dated, 1)
	for _, name := range []string{
		"AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "ViewOnlyAccess", "IAMFullAccess", "IAMReadOnlyAccess",
		"SystemAdministrator", "NetworkAdministrator", "DatabaseAdministrator", "DataScientist", "Billing", "SupportUser",
		"AmazonS3ReadOnlyAccess", "AmazonEKSClusterPolicy", "AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy", "AWSSupportServiceRolePolicy",
	} {
		find(t, name)
	}
}

func TestEveryVersionHasADocumentAndAPlaceInTime(t *testing.T) {
	for p := range managed.Policies() {
		defaults := 0
		last := p.Created()
		for _, v := range p.Versions() {
			doc, err := p.Document(v.ID)
			require.NoError(t, err)
			assert.Equal(t, p.Name()+" "+v.ID, doc.Name())
			assert.NotEmpty(t, doc.Statements, doc.Name())
			if v.Default {
				defaults++
			}
			if !v.Date.IsZero() {
				assert.False(t, v.Date.Before(last), "%s is older than what is before it", doc.Name())
				last = v.Date
			}
		}
		assert.Equal(t, 1, defaults, p.Name())
		versions := p.Versions()
		assert.Equal(t, versions[len(versions)-1], p.Default())
		assert.True(t, p.Default().Default)
		assert.False(t, p.Default().Date.IsZero(), "the newest of %s has a date", p.Name())
	}
}

// testdata of package policy has some of the documents as AWS gives them.
func TestADocumentIsTheOneOfAWS(t *testing.T) {
	compared := 0
	for p := range managed.Policies() {
		for _, v := range p.Versions() {
			want, err := os.ReadFile("../testdata/managed/" + p.Name() + "." + v.ID + ".policy.json")
			if err != nil {
				continue
			}
			compared++
			got, err := p.JSON(v.ID)
			require.NoError(t, err)
			assert.JSONEq(t, string(want), string(got), "%s %s", p.Name(), v.ID)
		}
	}
	t.Logf("%d documents", compared)
}

func TestByName(t *testing.T) {
	p := find(t, "AWSLambdaVPCAccessExecutionRole")
	assert.Equal(t, "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", p.ARN())
	assert.Equal(t, p.ARN(), p.String())
	assert.Equal(t, "/service-role/", p.Path())
	assert.Equal(t, "v3", p.Default().ID)

	for name, want := range map[string]string{
		"AWSLambdaFulAccess":   `AWS managed policy "AWSLambdaFulAccess" is not known; did you mean "AWSLambdaFullAccess"?`,
		"awslambda_fullaccess": `AWS managed policy "awslambda_fullaccess" is not known; did you mean "AWSLambda_FullAccess"?`,
		"AmazonConnectWisdom":  `AWS managed policy "AmazonConnectWisdom" is not known`,
		"":                     `AWS managed policy "" is not known`,
	} {
		_, err := managed.ByName(name)
		require.ErrorIs(t, err, managed.ErrUnknown)
		assert.EqualError(t, err, want)
	}
}

func TestByARN(t *testing.T) {
	for p := range managed.Policies() {
		found, err := managed.ByARN(p.ARN())
		require.NoError(t, err)
		assert.Same(t, p, found)
		text, err := p.JSON("")
		require.NoError(t, err)
		found, err = managed.ByARN(strings.Replace(p.ARN(), "arn:aws:", "arn:aws-us-gov:", 1))
		if strings.Contains(string(text), `"arn:aws:`) {
			assert.ErrorIs(t, err, managed.ErrUnknown, p.Name())
			continue
		}
		require.NoError(t, err)
		assert.Same(t, p, found)
	}
	for arn, want := range map[string]string{
		"arn:aws:iam::aws:policy/AWSLambdaRole":                                 "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
		"arn:aws-cn:iam::aws:policy/AWSLambdaRole":                              "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaRole",
		"arn::iam::aws:policy/AWSLambda_FullAccess":                             "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
		"arn:aws:iam::123456789012:policy/AWSLambda_FullAccess":                 "arn:aws:iam::aws:policy/AWSLambda_FullAccess",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionsRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
	} {
		_, err := managed.ByARN(arn)
		require.ErrorIs(t, err, managed.ErrUnknown)
		assert.ErrorContains(t, err, `did you mean "`+want+`"?`)
	}
}

func TestIsARN(t *testing.T) {
	for text, want := range map[string]bool{
		"arn:aws:iam::aws:policy/AWSLambda_FullAccess":          true,
		"arn:aws-cn:iam::aws:policy/service-role/AWSLambdaRole": true,
		"arn:aws:iam::aws:policy/NoSuchPolicy":                  true,
		"arn:aws:iam::123456789012:policy/AWSLambda_FullAccess": false,
		"arn:aws:iam::aws:role/AWSLambda_FullAccess":            false,
		"arn::iam::aws:policy/AWSLambda_FullAccess":             false,
		"arn:awss:iam::aws:policy/AWSLambda_FullAccess":         false,
		"arn:*:iam::aws:policy/AWSLambda_FullAccess":            false,
		"arn:iam::aws:policy/AWSLambda_FullAccess":              false,
		"AWSLambda_FullAccess":                                  false,
		"policies/arn:aws:iam::aws:policy/x.json":               false,
		"": false,
	} {
		assert.Equal(t, want, managed.IsARN(text), text)
	}
}

func TestDocument_ofAVersionThatIsNot(t *testing.T) {
	_, err := find(t, "AWSLambda_FullAccess").Document("v4")
	require.ErrorIs(t, err, managed.ErrUnknown)
	assert.EqualError(t, err, `version "v4" of AWSLambda_FullAccess is not known; known are v1, v2, v3, v5, v7`)

	_, err = find(t, "ReadOnlyAccess").JSON("7")
	assert.EqualError(t, err,
		`version "7" of ReadOnlyAccess is not known; did you mean "v7"?; known are v1 to v188 with gaps`)
}

func TestADocumentIsTheCallers(t *testing.T) {
	p := find(t, "AWSLambdaRole")
	doc, err := p.Document("")
	require.NoError(t, err)
	doc.Statements[0].Action[0] = "s3:*"
	again, err := p.Document("")
	require.NoError(t, err)
	assert.Equal(t, policy.Values{"lambda:InvokeFunction"}, again.Statements[0].Action)

	versions := p.Versions()
	versions[0].ID = "v9"
	assert.Equal(t, "v1", p.Versions()[0].ID)
}

// The lines that an explanation names are those of the text.
func TestTheLinesOfADocumentAreThoseOfItsJSON(t *testing.T) {
	p := find(t, "AWSLambda_FullAccess")
	doc, err := p.Document("v7")
	require.NoError(t, err)
	text, err := p.JSON("v7")
	require.NoError(t, err)
	assert.True(t, json.Valid(text))
	line, column := doc.Position("Statement", 1, "Condition")
	assert.Contains(t, strings.Split(string(text), "\n")[line-1][column-1:], `{`)
	assert.Contains(t, strings.Split(string(text), "\n")[line-1], `"Condition"`)
}

func TestManyMayAskAtOnce(t *testing.T) {
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, name := range []string{"ReadOnlyAccess", "AWSLambda_FullAccess"} {
				p, err := managed.ByName(name)
				if assert.NoError(t, err) {
					_, err = p.Document("v1")
					assert.NoError(t, err)
				}
			}
		})
	}
	wait.Wait()
}

func TestTheEmbeddedDataIsSmall(t *testing.T) {
	info, err := os.Stat("policies.data")
	require.NoError(t, err)
	t.Logf("%d bytes", info.Size())
	assert.LessOrEqual(t, info.Size(), int64(800<<10))
}

func BenchmarkDocument(b *testing.B) {
	for name, version := range map[string]string{"AWSLambda_FullAccess": "", "ReadOnlyAccess": "", "ReadOnlyAccess v1": "v1"} {
		name, _, _ = strings.Cut(name, " ")
		p := find(b, name)
		b.Run(name+version, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Document(version); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkByName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := managed.ByName("AWSLambda_FullAccess"); err != nil {
			b.Fatal(err)
		}
	}
}

// The first question reads the names; kept-KB is what stays in memory.
func BenchmarkNames(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := managed.Fresh(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(kept())/1024, "kept-KB")
}

func kept() uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	keep, err := managed.Fresh()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(keep)
	if err != nil {
		panic(err)
	}
	return after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
}

func date(t *testing.T, s string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, s)
	require.NoError(t, err)
	return day
}
