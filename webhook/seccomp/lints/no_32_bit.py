"""A filter without the 32-bit calls that the kernel also offers."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight

_HALVES = {"SCMP_ARCH_X86_64": "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64": "SCMP_ARCH_ARM"}


def look(sight: Sight) -> Iterator[Found]:
    """A filter that has only the 64-bit half of x86_64 or arm64."""
    half = _HALVES.get(sight.target.architecture)
    if half and sight.loaded is not None and sight.loaded.is_filter and half not in sight.loaded.filters:
        yield Found(
            Place(0, "architectures"),
            f"{half} is not in the filter: a 32-bit program is killed at its first call",
        )


LINT = Lint(
    id="no-32-bit",
    severity=Severity.NOTE,
    title="32-bit programs are killed: their architecture is not in the filter.",
    why="A call of an architecture that is not in the filter kills the thread, whatever the default "
    "action, ALLOW included. For most containers that is as it should be: less is open.",
    advice="Only where 32-bit programs shall run: add SCMP_ARCH_X86 (or SCMP_ARCH_ARM) to `architectures`.",
    source="seccomp_attr_set(3), SCMP_FLTATR_ACT_BADARCH; measured: int 0x80 under a default of ALLOW ends "
    "with SIGSYS",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"docker": "archMap adds it", "cri-o": "archMap adds it"},
)
