"""userfaultfd: a tool for races in the kernel."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = ("userfaultfd",)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-userfaultfd",
    severity=Severity.WARNING,
    title="userfaultfd is open.",
    why="It lets a program stop the kernel in the middle of a copy for as long as it likes, which turns "
    "small races into reliable exploits.",
    advice="Refuse it: few programs but virtual machine monitors and garbage collectors use it.",
    source="userfaultfd(2); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "userfaultfd"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
