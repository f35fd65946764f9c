// Package libseccomp stands in for the Go binding of libseccomp, which is asked for the architecture only.
package libseccomp

import "defaults/machine"

// Architecture is an architecture by libseccomp's name.
type Architecture string

func (a Architecture) String() string { return string(a) }

// GetNativeArch is the machine's architecture.
func GetNativeArch() (Architecture, error) {
	if machine.GOARCH == "386" {
		return "x86", nil
	}
	return Architecture(machine.GOARCH), nil
}
