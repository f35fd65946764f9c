"""An errno that no system call returns."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight

_GREATEST = 4095


def look(sight: Sight) -> Iterator[Found]:
    """The errno of the default action, and of every rule, that is too great."""
    if isinstance(sight.profile.default_errno, int) and sight.profile.default_errno > _GREATEST:
        yield Found(
            Place(0, "defaultErrnoRet"),
            f"the default errno {sight.profile.default_errno} is above {_GREATEST}",
        )
    for rule in sight.rules:
        if isinstance(rule.errno, int) and rule.errno > _GREATEST:
            yield Found(rule.place, f"the errno {rule.errno} is above {_GREATEST}")


LINT = Lint(
    id="errno-out-of-range",
    severity=Severity.ERROR,
    title="The errno is above 4095.",
    why="The kernel returns no errno above 4095, and libseccomp refuses rules that ask for one: the "
    "container does not start, and runc's text speaks of something else (two checks on one "
    "argument).",
    advice="1 is EPERM, 38 is ENOSYS.",
    source="seccomp(2), SECCOMP_RET_ERRNO; Linux, MAX_ERRNO; measured with runc and crun",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5000}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
}""",
    look=look,
)
