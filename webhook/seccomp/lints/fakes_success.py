"""Errno 0: the call is skipped and reports success."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.lints.fakes_privilege_drop import PRIVILEGE_CALLS
from webhook.seccomp.sight import DEFAULT_ACTION, Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every action that feigns success; of rights fakes-privilege-drop tells."""
    feigning = Outcome(Action.ERRNO, 0)
    if sight.default == feigning:
        yield Found(DEFAULT_ACTION, "every call that no rule names reports success and does nothing")
    for rule in sight.rules:
        names = [name for name in rule.names if name not in PRIVILEGE_CALLS]
        if names and outcome_of(rule.action, rule.errno) == feigning:
            yield Found(rule.place, f"{several(names)} will report success and do nothing")


LINT = Lint(
    id="fakes-success",
    severity=Severity.NOTE,
    title="A call is skipped, and reports success.",
    why="With errnoRet 0 the call returns 0 without being made. Some want that, for sync for example; "
    "where a program relies on what the call does, it fails later and elsewhere.",
    advice="Use errnoRet 1 (EPERM) or 38 (ENOSYS) where the program shall notice.",
    source="seccomp(2), SECCOMP_RET_ERRNO",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["fsync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["fsync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]
}""",
    look=look,
)
