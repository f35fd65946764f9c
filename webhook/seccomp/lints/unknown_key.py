"""A key that no dialect knows: it is dropped without a word."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """Every key that nobody reads."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.UNKNOWN:
            yield Found(remark.place, f'no runtime reads the key "{remark.key}"')


LINT = Lint(
    id="unknown-key",
    severity=Severity.WARNING,
    title="No runtime reads this key.",
    why="All runtimes drop keys that they do not know. A misspelled key is a rule that is not there.",
    advice="Correct the name, or remove the key; a remark belongs into `comment` (Docker's dialect).",
    source="OCI runtime specification, Linux Container Configuration, section Seccomp; measured with runc "
    "and crun",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architecture": ["SCMP_ARCH_X86_64"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
