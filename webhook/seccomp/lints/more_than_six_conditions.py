"""More conditions than a call has arguments."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_MOST = 6


def look(sight: Sight) -> Iterator[Found]:
    """Every rule with more than six conditions."""
    for rule in sight.rules:
        if len(rule.arguments) > _MOST:
            yield Found(
                rule.place, f"{len(rule.arguments)} conditions on {several(rule.names)}: more than {_MOST}"
            )


LINT = Lint(
    id="more-than-six-conditions",
    severity=Severity.ERROR,
    title="A rule has more than six conditions.",
    why="A call has six arguments. runc makes a rule of its own from every condition (an OR); crun "
    "ignores those after the sixth.",
    advice="Write several rules.",
    source="OCI runtime specification, section Seccomp; measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["futex"], "action": "SCMP_ACT_ALLOW", "args": [
    {"index": 1, "value": 0, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 1, "op": "SCMP_CMP_EQ"},
    {"index": 1, "value": 2, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 3, "op": "SCMP_CMP_EQ"},
    {"index": 1, "value": 4, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 5, "op": "SCMP_CMP_EQ"},
    {"index": 1, "value": 6, "op": "SCMP_CMP_EQ"}]}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"runc": "one of them is enough", "crun": "the first six count"},
)
