"""KILL ends one thread and leaves a broken process behind."""

from collections.abc import Iterator

from webhook.seccomp.actions import KILL, Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight

_ACTIONS = {KILL, Action.KILL_THREAD}


def look(sight: Sight) -> Iterator[Found]:
    """The default action, and every rule, that kills a thread."""
    if sight.profile.default_action in _ACTIONS:
        yield Found(
            DEFAULT_ACTION, f"{sight.profile.default_action} as default ends one thread, not the process"
        )
    for rule in sight.rules:
        if rule.action in _ACTIONS:
            yield Found(rule.place, f"{rule.action} ends one thread, not the process")


LINT = Lint(
    id="kills-one-thread",
    severity=Severity.WARNING,
    title="KILL ends only the thread that made the call.",
    why="The other threads go on without it, often holding its locks. A Go program hangs for ever, runc "
    "itself among them: with KILL as default it was seen hanging at the start of the container.",
    advice="SCMP_ACT_KILL_PROCESS ends all of it; SCMP_ACT_ERRNO lets the program report the error.",
    source="seccomp(2), SECCOMP_RET_KILL_THREAD; measured with runc 1.3.6",
    example="""{
  "defaultAction": "SCMP_ACT_KILL",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_KILL_PROCESS",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"runc": "as default: hangs", "crun": "as default: exits with 159"},
)
