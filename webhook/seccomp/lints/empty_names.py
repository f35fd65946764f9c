"""A rule about no call."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """Every rule without names; one whose `name` is dropped is told by dropped-name."""
    told = {
        remark.place.path.rpartition(".")[0]
        for remark in sight.profile.remarks
        if remark.lost is Lost.FOREIGN
    }
    for rule in sight.profile.rules:
        if not rule.names and rule.place.path not in told:
            yield Found(rule.place, "this rule names no call, and has no effect")


LINT = Lint(
    id="empty-names",
    severity=Severity.WARNING,
    title="A rule names no call.",
    why="It has no effect on any runtime: something was forgotten, or lost by the program that wrote the "
    "profile.",
    advice="Name the calls, or remove the rule.",
    source="OCI runtime specification, Linux Container Configuration, section Seccomp: names has at least "
    "one entry",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
)
