"""TRACE without a tracer is ENOSYS."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """The default action, and every rule, that asks a tracer."""
    if sight.profile.default_action == Action.TRACE:
        yield Found(DEFAULT_ACTION, "what no rule names returns ENOSYS, as no tracer is there")
    for rule in sight.rules:
        if rule.action == Action.TRACE:
            yield Found(rule.place, f"{several(rule.names)}: ENOSYS, as no tracer is there")


LINT = Lint(
    id="trace-without-tracer",
    severity=Severity.NOTE,
    title="SCMP_ACT_TRACE without a tracer returns ENOSYS.",
    why="In a container no tracer is attached. A process that attaches to another decides about its "
    "calls then.",
    advice="Write SCMP_ACT_ERRNO with errnoRet 38: it does the same, and nobody can attach to it.",
    source="seccomp(2), SECCOMP_RET_TRACE",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_TRACE"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]
}""",
    look=look,
)
