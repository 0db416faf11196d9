# What a contributor runs. `make` says what there is.

FUZZTIME ?= 20s
N        ?= 1000000
SEED     ?= 1
MUTANTS  ?= 100

staticcheck   = honnef.co/go/tools/cmd/staticcheck@v0.8.2
golangci-lint = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
govulncheck   = golang.org/x/vuln/cmd/govulncheck@v1.9.0
goreleaser    = github.com/goreleaser/goreleaser/v2@v2.15.0
go-licenses   = github.com/google/go-licenses/v2@v2.0.1

.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

ci: ## everything that a change must pass, as on the server (20 minutes)
	.ci/run

test: ## all tests
	go test ./...

twin: ## engine and twin on N random requests (N=1000000 SEED=1)
	go test ./internal/twin -run TestEngineAndTwinAgree -timeout 60m -args -twin.n=$(N) -twin.seed=$(SEED)

mutants: ## random mutants, and which survive the tests (MUTANTS=100 SEED=1; 0: all, in hours)
	go run ./internal/mutation -n $(MUTANTS) -seed $(SEED)

proofs: ## N random pairs of policies, proved or refuted (N=1000000)
	IAMSIM_PROVE_N=$(N) go test ./evaluator/prove -timeout 60m

faults: ## plant each fault, and see the tests catch it (2 minutes)
	IAMSIM_FAULTS=1 IAMSIM_PROVE_FAULTS=1 go test ./internal/twin ./evaluator/prove -run Fault -timeout 60m

fuzz: ## every fuzz target, FUZZTIME each (FUZZTIME=20s)
	IAMSIM_FUZZTIME=$(FUZZTIME) .ci/run fuzz

fuzz-record: ## the same, and write internal/fuzzing/README.md
	IAMSIM_FUZZTIME=$(FUZZTIME) IAMSIM_FUZZ_RECORD=1 .ci/run fuzz

golden: ## write golden files, the API's list and CONFORMANCE.md anew
	IAMSIM_UPDATE=1 go test ./...

figures: ## lines, exported names, and what a proof costs
	go test ./internal/house -run Figures -v
	IAMSIM_FIGURES=1 go test ./evaluator/prove -run Figures -v

bench: ## the benchmarks of BENCHMARKS.md
	go test ./evaluator -run '^$$' -bench .

lint: ## go vet, staticcheck and golangci-lint
	go vet ./...
	go run $(staticcheck) ./...
	go run $(golangci-lint) run

vulnerabilities: ## known faults in the modules that are used
	go run $(govulncheck) ./...

licences: ## the licence of each module that is in the command
	go run $(go-licenses) report ./cmd/iamsim

reproducible: ## build the command twice: one hash
	IAMSIM_REPRODUCIBLE=1 go test ./internal/house -run TestBuildsAreReproducible -count=1 -v

release-check: ## check the release's configuration, and build a snapshot
	go run $(goreleaser) check
	go run $(goreleaser) build --snapshot --clean

.PHONY: help ci test twin mutants proofs faults fuzz fuzz-record golden figures bench lint vulnerabilities licences reproducible release-check
