"""A name that no kernel has."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several
from webhook.seccomp.syscalls import is_a_call


def look(sight: Sight) -> Iterator[Found]:
    """The names of each rule that are calls on no architecture."""
    for rule in sight.profile.rules:
        if unknown := [name for name in rule.names if name and not is_a_call(name)]:
            outcome = outcome_of(rule.action, rule.errno)
            is_denial = (
                outcome is not None and outcome.action.restricts and outcome.action is not Action.NOTIFY
            )
            lost = "the denial does not exist" if is_denial else "it has no effect"
            yield Found(rule.place, f"no system call is called {several(unknown)}: {lost}")


LINT = Lint(
    id="unknown-call",
    severity=Severity.WARNING,
    title="No system call has this name.",
    why="runc drops such a name without a word, crun with a warning. Mostly it is misspelled, or the "
    "name of a function of the C library (`umount` is, `exec` is not).",
    advice="Correct or remove the name; `man 2 syscalls` lists them.",
    source="syscalls(2); measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mkdirr"], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
)
