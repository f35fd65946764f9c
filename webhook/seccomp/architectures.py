"""The architectures a filter can be for: what they are called, how wide they are, and what goes with what.

Source: seccomp(2), section "Description"; linux/audit.h (AUDIT_ARCH_*); libseccomp, seccomp_arch_add(3).
"""

from typing import Final, NamedTuple

X86_64: Final = "SCMP_ARCH_X86_64"
X32: Final = "SCMP_ARCH_X32"

X32_BIT: Final = 0x40000000
"""What the kernel adds to the number of an x32 call, and all by which such calls are told apart."""


class Architecture(NamedTuple):
    """An architecture, by its name in profiles (SCMP_ARCH_X86_64).

    ``plain`` is libseccomp's own name for it, ``audit`` what the kernel tells a filter; ``multiplexes`` says
    whether calls of the socket and IPC families can also be made by socketcall and ipc.
    """

    name: str
    plain: str
    audit: int
    bits: int
    big_endian: bool = False
    multiplexes: bool = False


def _architecture(
    plain: str, audit: int, bits: int, *, big_endian: bool = False, multiplexes: bool = False
) -> Architecture:
    return Architecture(f"SCMP_ARCH_{plain.upper()}", plain, audit, bits, big_endian, multiplexes)


ARCHITECTURES: Final = {
    each.name: each
    for each in (
        _architecture("x86", 0x40000003, 32, multiplexes=True),
        _architecture("x86_64", 0xC000003E, 64),
        _architecture("x32", 0xC000003E, 32),
        _architecture("arm", 0x40000028, 32),
        _architecture("aarch64", 0xC00000B7, 64),
        _architecture("loongarch64", 0xC0000102, 64),
        _architecture("m68k", 0x00000004, 32, big_endian=True, multiplexes=True),
        _architecture("mips", 0x00000008, 32, big_endian=True, multiplexes=True),
        _architecture("mipsel", 0x40000008, 32, multiplexes=True),
        _architecture("mips64", 0x80000008, 64, big_endian=True),
        _architecture("mipsel64", 0xC0000008, 64),
        _architecture("mips64n32", 0xA0000008, 32, big_endian=True),
        _architecture("mipsel64n32", 0xE0000008, 32),
        _architecture("parisc", 0x0000000F, 32, big_endian=True),
        _architecture("parisc64", 0x8000000F, 64, big_endian=True),
        _architecture("ppc", 0x00000014, 32, big_endian=True, multiplexes=True),
        _architecture("ppc64", 0x80000015, 64, big_endian=True, multiplexes=True),
        _architecture("ppc64le", 0xC0000015, 64, multiplexes=True),
        _architecture("riscv64", 0xC00000F3, 64),
        _architecture("s390", 0x00000016, 32, big_endian=True, multiplexes=True),
        _architecture("s390x", 0x80000016, 64, big_endian=True, multiplexes=True),
        _architecture("sheb", 0x0000002A, 32, big_endian=True, multiplexes=True),
        _architecture("sh", 0x4000002A, 32, multiplexes=True),
    )
}
"""Every architecture that libseccomp knows, by its name in profiles."""

NATIVE: Final = {
    "amd64": "SCMP_ARCH_X86_64",
    "arm64": "SCMP_ARCH_AARCH64",
    "arm": "SCMP_ARCH_ARM",
    "386": "SCMP_ARCH_X86",
    "ppc64le": "SCMP_ARCH_PPC64LE",
    "riscv64": "SCMP_ARCH_RISCV64",
    "s390x": "SCMP_ARCH_S390X",
    "loong64": "SCMP_ARCH_LOONGARCH64",
}
"""What a node calls its architecture (label ``kubernetes.io/arch``), as profiles call it."""
