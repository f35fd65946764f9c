// Package machine is the machine that the runtimes' code believes to run on. It stands in for Go's runtime package.
package machine

// GOARCH is the architecture, by Go's name.
var GOARCH string

// Kernel is the version of the kernel: 6 and 12 for 6.12.
var Kernel [2]uint64

// AtLeast says whether the kernel is this version or a later one.
func AtLeast(kernel, major uint64) bool {
	return Kernel[0] > kernel || Kernel[0] == kernel && Kernel[1] >= major
}
