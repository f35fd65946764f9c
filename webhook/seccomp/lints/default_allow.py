"""A list of what is denied, instead of what is allowed."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight


def look(sight: Sight) -> Iterator[Found]:
    """A default action that lets through, beside rules that refuse."""
    if sight.restricts and sight.loaded is not None and not sight.loaded.default.action.restricts:
        action = "logged and allowed" if sight.loaded.default.action is Action.LOG else "allowed"
        yield Found(
            DEFAULT_ACTION, f"all that no rule names is {action}, and so is every call of a newer kernel"
        )


LINT = Lint(
    id="default-allow",
    severity=Severity.WARNING,
    title="The profile is a deny-list.",
    why="What the author did not think of is open, and so is every system call that a newer kernel "
    "brings: io_uring and clone3 were open in every deny-list on the day they appeared.",
    advice="Start from RuntimeDefault or from a recording: default SCMP_ACT_ERRNO, and rules for what is "
    "allowed.",
    source="seccomp(2), section Notes",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
