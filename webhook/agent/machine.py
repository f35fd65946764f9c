"""On what the agent runs: kernel, architecture, and what runs the containers."""

import os
import re
from typing import Final, NamedTuple

from webhook.seccomp.target import Loader, Reader, Runtime, Target, Version

_ARCHITECTURES: Final = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "arm",
    "armv6l": "arm",
    "i686": "386",
    "i386": "386",
    "loongarch64": "loong64",
}
"""What uname calls differently than Go does."""

_IN_PROFILES: Final = {
    "amd64": "SCMP_ARCH_X86_64",
    "arm64": "SCMP_ARCH_AARCH64",
    "arm": "SCMP_ARCH_ARM",
    "386": "SCMP_ARCH_X86",
    "ppc64le": "SCMP_ARCH_PPC64LE",
    "s390x": "SCMP_ARCH_S390X",
    "riscv64": "SCMP_ARCH_RISCV64",
    "loong64": "SCMP_ARCH_LOONGARCH64",
}
_VERSION: Final = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})", re.ASCII)
_READERS: Final = {"containerd": Reader.CONTAINERD, "cri-o": Reader.CRIO, "docker": Reader.DOCKER}


class Machine(NamedTuple):
    """What is known of it; "" what is not. ``architecture`` by Go's name."""

    kernel: str = ""
    architecture: str = ""
    runtime: str = ""
    runtime_version: str = ""


def this_machine() -> Machine:
    """What uname(2) says."""
    found = os.uname()
    return Machine(found.release, _ARCHITECTURES.get(found.machine, found.machine))


def target_of(machine: Machine) -> Target:
    """Where profiles of *machine* are loaded. What is not known is taken to be what is most common.

    No node says which OCI runtime stands behind the one that speaks to the kubelet: it is taken to be runc.
    """
    usual = Target()
    reader = _READERS.get(machine.runtime)
    runtime = usual.runtime
    if reader is not None:
        version = _numbers(machine.runtime_version) or runtime.reader_version
        runtime = Runtime(reader, Loader.RUNC, version, runtime.loader_version)
    return usual._replace(
        runtime=runtime,
        architecture=_IN_PROFILES.get(machine.architecture, usual.architecture),
        kernel=_numbers(machine.kernel) or usual.kernel,
    )


def _numbers(version: str) -> Version:
    """The first two numbers of a version such as ``6.12.7-amd64`` or ``v2.1.4``; () where there are none."""
    found = _VERSION.match(version)
    return (int(found[1]), int(found[2])) if found else ()
