"""clone3 allowed beside conditions on clone: the flags hide behind a pointer."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """clone3, where it reaches the kernel and clone is restricted."""
    opened = [fate for fate in sight.openings("clone3") if not fate.is_conditional]
    is_restricted = any(fate.outcome.action.restricts for fate in sight.fates("clone"))
    if opened and is_restricted:
        yield Found(opened[0].place, "clone3 is open, and can do all that the rules for clone refuse")


LINT = Lint(
    id="clone3-unfiltered",
    severity=Severity.ERROR,
    title="clone3 is open beside restrictions on clone, which are void then.",
    why="clone3 takes its flags in memory, where a filter cannot look: new namespaces can be made with "
    "it whatever the conditions on clone are.",
    advice='Refuse it with ENOSYS: `{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}`.',
    source="clone(2); seccomp(2), which sees registers only; moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["clone3"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}""",
    look=look,
)
