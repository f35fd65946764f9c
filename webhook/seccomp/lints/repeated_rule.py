"""The same rule twice."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place, Rule
from webhook.seccomp.sight import Sight, outcome_of, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that says of a call what an earlier one said."""
    repeated: dict[tuple[Place, int], list[str]] = {}
    meanings: dict[Place, object] = {}
    for name, rules in sight.by_name.items():
        seen: dict[object, Rule] = {}
        for rule in rules if len(rules) > 1 else ():
            if rule.place not in meanings:
                meanings[rule.place] = _meaning(rule)
            first = seen.setdefault(meanings[rule.place], rule)
            if first is not rule:
                repeated.setdefault((rule.place, first.place.line), []).append(name)
    for (place, line), names in repeated.items():
        yield Found(place, f"line {line} says the same of {several(names)}")


def _meaning(rule: Rule) -> object:
    conditions = frozenset((each.number, each.value, each.value_two, each.op) for each in rule.arguments)
    return outcome_of(rule.action, rule.errno), conditions


LINT = Lint(
    id="repeated-rule",
    severity=Severity.NOTE,
    title="An earlier rule says the same.",
    why="It has no effect, and whoever changes one of the two later believes that the other is changed too.",
    advice="Remove one of them.",
    source="libseccomp, seccomp_rule_add(3); measured with libseccomp 2.5.4 and 2.6.1",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["write"], "action": "SCMP_ACT_ALLOW"}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
