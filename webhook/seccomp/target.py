"""Where a profile is to be loaded: by which runtime, on which machine, for which container."""

from enum import StrEnum
from typing import Final, NamedTuple

Version = tuple[int, ...]


class Reader(StrEnum):
    """Who reads the file, and so in which dialect."""

    CONTAINERD = "containerd"
    CRIO = "cri-o"
    DOCKER = "docker"


class Loader(StrEnum):
    """The OCI runtime, which puts the rules into libseccomp and the kernel."""

    RUNC = "runc"
    CRUN = "crun"


class Runtime(NamedTuple):
    """A reader and the loader behind it, each with the version whose rules are meant."""

    reader: Reader
    loader: Loader
    reader_version: Version
    loader_version: Version

    def __str__(self) -> str:
        return f"{self.reader}+{self.loader}"


CONTAINERD_RUNC: Final = Runtime(Reader.CONTAINERD, Loader.RUNC, (2, 1), (1, 3, 6))
CONTAINERD_CRUN: Final = Runtime(Reader.CONTAINERD, Loader.CRUN, (2, 1), (1, 28))
CRIO_RUNC: Final = Runtime(Reader.CRIO, Loader.RUNC, (1, 34), (1, 3, 6))
CRIO_CRUN: Final = Runtime(Reader.CRIO, Loader.CRUN, (1, 34), (1, 28))
DOCKER_RUNC: Final = Runtime(Reader.DOCKER, Loader.RUNC, (28, 0), (1, 3, 6))

RUNTIMES: Final = (CONTAINERD_RUNC, CONTAINERD_CRUN, CRIO_RUNC, CRIO_CRUN, DOCKER_RUNC)
"""The runtimes of Kubernetes' nodes, the commonest first; Docker stands behind cri-dockerd."""

DEFAULT_CAPABILITIES: Final = frozenset(
    f"CAP_{name}"
    for name in (
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
        "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    )
)  # fmt: skip
"""The bounding set of a container whose pod says nothing. Source: containerd, ``defaultUnixCaps``."""


class Target(NamedTuple):
    """Where a profile is to be loaded. ``architecture`` by its name in profiles, as SCMP_ARCH_X86_64."""

    runtime: Runtime = CONTAINERD_RUNC
    architecture: str = "SCMP_ARCH_X86_64"
    kernel: Version = (6, 12)
    libseccomp: Version = (2, 6, 1)
    capabilities: frozenset[str] = DEFAULT_CAPABILITIES
    allow_privilege_escalation: bool = True
