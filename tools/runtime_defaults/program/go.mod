module defaults

go 1.25.0

require (
	github.com/opencontainers/runtime-spec v1.2.1
	golang.org/x/sys v0.33.0
)
