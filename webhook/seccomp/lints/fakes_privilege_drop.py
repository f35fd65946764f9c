"""Errno 0 on a call that gives up rights: it reports success and does nothing."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several

PRIVILEGE_CALLS = frozenset(
    (
        "capset", "chroot", "landlock_restrict_self", "pivot_root", "prctl", "seccomp", "setfsgid",
        "setfsgid32", "setfsuid", "setfsuid32", "setgid", "setgid32", "setgroups", "setgroups32",
        "setregid", "setregid32", "setresgid", "setresgid32", "setresuid", "setresuid32",
        "setreuid", "setreuid32", "setrlimit", "setuid", "setuid32", "unshare",
    )
)  # fmt: skip
"""Calls by which a program gives up rights, and whose success it relies on."""


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that feigns such a call."""
    for rule in sight.rules:
        feigned = [name for name in rule.names if name in PRIVILEGE_CALLS]
        if feigned and outcome_of(rule.action, rule.errno) == Outcome(Action.ERRNO, 0):
            yield Found(
                rule.place,
                f"{several(feigned)} will report success and do nothing: the program keeps the rights it had",
            )


LINT = Lint(
    id="fakes-privilege-drop",
    severity=Severity.ERROR,
    title="A call that gives up rights is skipped, and reports success.",
    why="With errnoRet 0 the call returns 0 without being made. setuid(1000) succeeds, and the program "
    "stays root.",
    advice="Allow the call, or refuse it with errnoRet 1 (EPERM): then the program stops, as it should.",
    source="seccomp(2), SECCOMP_RET_ERRNO; measured: setuid(1000) returns 0 and the user id stays 0",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["setuid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["setuid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
}""",
    look=look,
)
