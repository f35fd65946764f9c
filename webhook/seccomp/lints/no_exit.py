"""A program that may not end."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """The calls by which a program and a thread end, where they are refused."""
    if refused := [name for name in ("exit", "exit_group") if sight.is_refused(name)]:
        place = next((fate.place for fate in sight.fates(refused[0])), DEFAULT_ACTION)
        yield Found(place, f"{several(refused)} refused: the program cannot end, and crashes or loops")


LINT = Lint(
    id="no-exit",
    severity=Severity.ERROR,
    title="The program cannot end: exit or exit_group is refused.",
    why="Where exit_group is refused libc tries again for ever, with the processor at 100 %, or runs "
    "into an invalid instruction. exit ends threads.",
    advice="Allow exit and exit_group: nothing is gained by refusing them.",
    source="exit_group(2); seen with musl and glibc; kubernetes-sigs/security-profiles-operator, issue 142",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "exit", "exit_group"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
