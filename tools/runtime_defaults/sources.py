"""Where the runtimes' default profiles are taken from: the Go modules, and what of them is needed."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from webhook.seccomp.target import Reader, Version

_MACHINE: Final = {
    '"runtime"': 'runtime "defaults/machine"',
    '"github.com/containerd/containerd/v2/pkg/kernelversion"': '"defaults/machine/kernelversion"',
    '"github.com/containerd/containerd/contrib/seccomp/kernelversion"': '"defaults/machine/kernelversion"',
    'libseccomp "github.com/seccomp/libseccomp-golang"': 'libseccomp "defaults/machine/libseccomp"',
}
"""What is imported in place of what says what machine the program runs on."""


class Part(NamedTuple):
    """Files of a module, put into the program as one package. ``functions``: these alone, and ``imports``."""

    package: str
    module: str
    version: str
    folder: str
    files: tuple[str, ...]
    imports: Mapping[str, str] = _MACHINE
    functions: tuple[str, ...] = ()
    added: str = ""


class Source(NamedTuple):
    """A default profile: of which reader, since which of its versions, and by which part of the program.

    ``call`` is Go: what of the package makes the profile of a container's specification.
    """

    reader: Reader
    since: Version
    part: Part
    call: str
    also: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """The name of its file, without the ending."""
        return f"{self.reader}-{'.'.join(map(str, self.since))}"


_OF_CONTAINERD: Final = """
func Asked(container *specs.Spec) (*specs.LinuxSeccomp, error) { return DefaultProfile(container), nil }
"""
_OF_MOBY: Final = """
func kernelGreaterEqualThan(least KernelVersion) (bool, error) {
	return runtime.AtLeast(least.Kernel, least.Major), nil
}
"""
_OF_CRIO: Final = """
func Asked(container *specs.Spec) (*specs.LinuxSeccomp, error) {
	defaultProfileOnce = sync.Once{}
	return seccomp.LoadProfileFromConfig(DefaultProfile(), container)
}
"""


def _containerd(since: Version, module: str, version: str) -> Source:
    package = f"containerd_{'_'.join(map(str, since))}"
    part = Part(package, module, version, "contrib/seccomp", ("seccomp_default.go",), added=_OF_CONTAINERD)
    return Source(Reader.CONTAINERD, since, part, f"{package}.Asked")


def _moby(since: Version, version: str) -> Source:
    package = f"moby_{since[0]}"
    files = "default_linux.go", "seccomp.go", "seccomp_linux.go"
    part = Part(package, "github.com/moby/profiles/seccomp", version, ".", files, added=_OF_MOBY)
    return Source(Reader.DOCKER, since, part, f"{package}.GetDefaultProfile")


_COMMON: Final = Part(
    "common_0_63",
    "github.com/containers/common",
    "v0.63.0",
    "pkg/seccomp",
    ("default_linux.go", "errno_list.go", "seccomp_linux.go", "supported.go", "types.go"),
)
_CRIO: Final = Part(
    "crio_1_34",
    "github.com/cri-o/cri-o",
    "v1.34.0",
    "internal/config/seccomp",
    ("seccomp.go",),
    imports={
        "fmt": "fmt",
        "slices": "slices",
        "sync": "sync",
        "runtime": "defaults/machine",
        "logrus": "log",
        "seccomp": "defaults/common_0_63",
        "specs": "github.com/opencontainers/runtime-spec/specs-go",
        "unix": "golang.org/x/sys/unix",
    },
    functions=("DefaultProfile", "validateSyscallIndex", "removeStringFromSlice"),
    added="var defaultProfileOnce sync.Once\n\nvar defaultProfile *seccomp.Seccomp\n" + _OF_CRIO,
)

_CONTAINERD_2: Final = "github.com/containerd/containerd/v2"
SOURCES: Final = (
    _containerd((1, 7), "github.com/containerd/containerd", "v1.7.35"),
    _containerd((2, 0), _CONTAINERD_2, "v2.0.14"),
    _containerd((2, 1), _CONTAINERD_2, "v2.1.8"),
    _containerd((2, 2), _CONTAINERD_2, "v2.2.9"),
    _containerd((2, 3), _CONTAINERD_2, "v2.3.7"),
    _containerd((2, 4), _CONTAINERD_2, "v2.4.2"),
    Source(Reader.CRIO, (1, 34), _CRIO, "crio_1_34.Asked", also=(_COMMON,)),
    _moby((28,), "v0.1.0"),
    _moby((29,), "v0.2.4"),
)
"""The last patch release of each minor version that is still used, as far as the Go proxy has them."""
