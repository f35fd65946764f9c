"""The x32 calls, which hardly anybody uses."""

from collections.abc import Iterator

from webhook.seccomp.architectures import X32
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """A filter that has x32."""
    if sight.loaded is not None and X32 in sight.loaded.filters:
        key = "architectures" if X32 in sight.profile.architectures else "archMap"
        yield Found(Place(0, key), "the allowed calls are open a second time, by their x32 numbers")


LINT = Lint(
    id="x32",
    severity=Severity.NOTE,
    title="The x32 architecture is in the filter.",
    why="x32 is a table of its own for the same calls. Distributions switch it off, no common program "
    "uses it, and it has had bugs of its own (CVE-2014-0038).",
    advice="Remove SCMP_ARCH_X32 unless an x32 program shall run.",
    source="syscall(2), section Architecture-specific requirements; seccomp(2), section Caveats",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
