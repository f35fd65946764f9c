"""A program that cannot come back from a signal."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """rt_sigreturn, where it is refused."""
    if sight.is_refused("rt_sigreturn"):
        yield Found(
            sight.fates("rt_sigreturn")[0].place, "rt_sigreturn refused: the first signal ends in a crash"
        )


LINT = Lint(
    id="no-sigreturn",
    severity=Severity.WARNING,
    title="The program cannot return from a signal: rt_sigreturn is refused.",
    why="Every signal handler ends with this call. A recording in which no signal came does not have it; "
    "Go programs send themselves signals all the time.",
    advice="Allow rt_sigreturn: nothing is gained by refusing it.",
    source="sigreturn(2)",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "rt_sigreturn"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
