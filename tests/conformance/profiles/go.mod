module seccomp-webhook/conformance/profiles

go 1.26

require (
	github.com/moby/profiles/seccomp v0.2.4
	github.com/opencontainers/runtime-spec v1.3.0
	github.com/seccomp/libseccomp-golang v0.11.1
	go.podman.io/common v0.66.0
)

require golang.org/x/sys v0.37.0 // indirect

// Its package is asked which architecture the node has, and here the question says that.
replace github.com/seccomp/libseccomp-golang => ./libseccomp
