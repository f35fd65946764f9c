"""Docker's `archMap`, where the reader does not know it: the 32-bit calls are not in the filter."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """An archMap that is dropped."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.FOREIGN and remark.key == "archMap":
            yield Found(
                remark.place, '"archMap" is not read here: only the native architecture is in the filter'
            )


LINT = Lint(
    id="dropped-architectures",
    severity=Severity.WARNING,
    title="Docker's `archMap` is not read.",
    why="Only the node's native architecture is then in the filter. 32-bit programs are killed at their "
    "first call.",
    advice="List them in `architectures`, as SCMP_ARCH_X86_64 and SCMP_ARCH_X86; or `profile convert --to "
    "oci`.",
    source="OCI runtime specification, Linux Container Configuration, section Seccomp; moby, "
    "profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"containerd": "drops it", "cri-o": "knows it", "docker": "knows it"},
)
