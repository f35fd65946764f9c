"""How readers call the node's architecture, where profiles depend on it.

Sources: ``github.com/moby/profiles/seccomp`` v0.2.4, ``seccomp_linux.go``, goToNative and nativeToSeccomp;
``github.com/seccomp/libseccomp-golang`` v0.11.1, ScmpArch.String, and ``go.podman.io/common`` v0.66.0,
``pkg/seccomp/seccomp_linux.go``, nativeToSeccomp.
"""

from typing import Final

from webhook.seccomp.dialects.dialect import Dialect

_SAME: Final = {
    f"SCMP_ARCH_{name.upper()}": go
    for name, go in {
        "x86": "x86", "x86_64": "amd64", "arm": "arm", "aarch64": "arm64", "mips64": "mips64",
        "mips64n32": "mips64n32", "mipsel": "mipsel", "mipsel64": "mipsel64", "ppc": "ppc",
        "ppc64": "ppc64", "ppc64le": "ppc64le", "riscv64": "riscv64", "s390": "s390", "s390x": "s390x",
    }.items()
}  # fmt: skip
_COMMON: Final = {
    f"SCMP_ARCH_{name.upper()}": go
    for name, go in {
        "mips": "mips", "mipsel64n32": "mipsel64n32", "parisc": "parisc",
        "parisc64": "parisc64", "loongarch64": "loong64", "m68k": "m68k", "sh": "sh", "sheb": "sheb",
    }.items()
}  # fmt: skip

GO_NAME: Final = {
    Dialect.DOCKER: {
        **_SAME,
        "SCMP_ARCH_MIPSEL64N32": "mips3l64n32",
        "SCMP_ARCH_LOONGARCH64": "loongarch64",
    },
    Dialect.CONTAINERS_COMMON: {**_SAME, **_COMMON},
}
"""What ``arches`` of includes and excludes must name, by the architecture of the node."""

# Docker looks the entry up by a name of its own that its other table does not have.
_DOCKER_MISSES: Final = {"SCMP_ARCH_MIPSEL", "SCMP_ARCH_LOONGARCH64"}
_COMMON_HITS: Final = ("X86_64", "AARCH64", "MIPS64", "MIPS64N32", "MIPSEL64", "MIPSEL64N32", "S390X")

ARCH_MAP_ENTRY: Final = {
    Dialect.DOCKER: {name: name for name in GO_NAME[Dialect.DOCKER] if name not in _DOCKER_MISSES},
    Dialect.CONTAINERS_COMMON: {f"SCMP_ARCH_{name}": f"SCMP_ARCH_{name}" for name in _COMMON_HITS},
}
"""The entry of ``archMap`` that counts on a node; on others the whole map does nothing."""
