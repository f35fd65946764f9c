// Package kernelversion stands in for containerd's.
package kernelversion

import "defaults/machine"

// KernelVersion is a version, such as 4 and 8.
type KernelVersion struct{ Kernel, Major uint64 }

// GreaterEqualThan says whether the machine's kernel is this one or later.
func GreaterEqualThan(least KernelVersion) (bool, error) {
	return machine.AtLeast(least.Kernel, least.Major), nil
}
