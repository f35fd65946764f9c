"""A rule that does what happens anyway: runtimes skip it."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule whose action is the default action, with the rules that win because it is skipped."""
    for rule in sight.rules:
        if not rule.names or sight.default is None or outcome_of(rule.action, rule.errno) != sight.default:
            continue
        others = [name for name in rule.names if len(sight.by_name[name]) > 1]
        won = f"; other rules for {several(others)} decide, also where this one comes first" if others else ""
        yield Found(rule.place, f"this is the default action: the rule is skipped{won}")


LINT = Lint(
    id="repeats-default",
    severity=Severity.NOTE,
    title="The action of a rule is the default action.",
    why="runc and crun skip such a rule. Where another rule names the same call, that one then decides, "
    "although the first unconditional rule otherwise wins.",
    advice="Remove the rule; what shall stay denied must not be named by another rule.",
    source="runc, libcontainer/seccomp; crun, src/libcrun/seccomp.c; measured",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["mount"], "action": "SCMP_ACT_ERRNO"},
    {"names": ["read", "mount"], "action": "SCMP_ACT_ALLOW"}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
