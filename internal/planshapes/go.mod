module github.com/iamsim/iamsim/internal/planshapes

go 1.25.0

replace github.com/iamsim/iamsim => ../..

require (
	github.com/hashicorp/terraform-json v0.29.0
	github.com/iamsim/iamsim v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/apparentlymart/go-textseg/v15 v15.0.0 // indirect
	github.com/gobwas/glob v1.1.0 // indirect
	github.com/hashicorp/go-version v1.9.0 // indirect
	github.com/tidwall/gjson v1.20.2 // indirect
	github.com/tidwall/match v1.2.0 // indirect
	github.com/tidwall/pretty v1.3.0 // indirect
	github.com/zclconf/go-cty v1.16.4 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/text v0.36.0 // indirect
)
