// Package seccomp stands in for the library of this name, which needs C: containers-common asks it for the
// architecture of the node, and the test decides on that. What else is here only lets it be compiled.
package seccomp

import "errors"

type (
	ScmpArch      string
	ScmpAction    uint
	ScmpCompareOp uint
	ScmpSyscall   int32
	ScmpCondition struct{}
	ScmpFilter    struct{}
)

const (
	ActInvalid ScmpAction = iota
	ActKillThread
	ActKillProcess
	ActErrno
	ActTrap
	ActAllow
	ActTrace
	ActLog
)

const (
	CompareInvalid ScmpCompareOp = iota
	CompareEqual
	CompareNotEqual
	CompareGreater
	CompareGreaterEqual
	CompareLess
	CompareLessOrEqual
	CompareMaskedEqual
)

// Native is the architecture that the node is to have.
var Native ScmpArch

var errUnused = errors.New("not asked for here")

func GetNativeArch() (ScmpArch, error) { return Native, nil }

func (a ScmpArch) String() string { return string(a) }

func GetArchFromString(string) (ScmpArch, error)            { return "", errUnused }
func GetSyscallFromName(string) (ScmpSyscall, error)        { return 0, errUnused }
func NewFilter(ScmpAction) (*ScmpFilter, error)             { return nil, errUnused }
func (a ScmpAction) SetReturnCode(int16) ScmpAction         { return a }
func (f *ScmpFilter) AddArch(ScmpArch) error                { return errUnused }
func (f *ScmpFilter) SetNoNewPrivsBit(bool) error           { return errUnused }
func (f *ScmpFilter) AddRule(ScmpSyscall, ScmpAction) error { return errUnused }

func (f *ScmpFilter) AddRuleConditional(ScmpSyscall, ScmpAction, []ScmpCondition) error {
	return errUnused
}

func MakeCondition(uint, ScmpCompareOp, ...uint64) (ScmpCondition, error) {
	return ScmpCondition{}, errUnused
}
