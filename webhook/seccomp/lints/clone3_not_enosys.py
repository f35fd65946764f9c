"""clone3 refused with something else than ENOSYS: no thread can be made."""

from collections.abc import Iterator

from webhook.seccomp.actions import ENOSYS, Action, Outcome
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """clone3, where it is refused and the C library does not fall back to clone."""
    for fate in sight.fates("clone3"):
        if fate.outcome.action.restricts and fate.outcome != Outcome(Action.ERRNO, ENOSYS):
            yield Found(
                fate.place, "clone3 is not refused with ENOSYS (38): glibc does not fall back to clone"
            )


LINT = Lint(
    id="clone3-not-enosys",
    severity=Severity.WARNING,
    title="clone3 is refused with something else than ENOSYS, so threads and processes cannot be made.",
    why="glibc from 2.34 on asks for clone3 first and falls back to clone on ENOSYS alone. With EPERM "
    "every fork and every thread fails (`pthread_create failed: Operation not permitted`).",
    advice='Add `{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}`.',
    source="clone(2); moby, profiles/seccomp, the rule for clone3",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "clone", "statx", "openat2"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "clone"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}
  ]
}""",
    look=look,
    differences={"runc": "answers ENOSYS by itself where no call of a higher number is named"},
)
