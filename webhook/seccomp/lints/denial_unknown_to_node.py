"""A denial of a call that the node's libseccomp does not know."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several
from webhook.seccomp.syscalls import is_known, known_since, number_of
from webhook.seccomp.target import Target, Version


def look(sight: Sight) -> Iterator[Found]:
    """The names in rules that refuse which libseccomp is too old for, where the default lets through."""
    if sight.default is None or sight.default.action.restricts:
        return
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is None or not outcome.action.restricts:
            continue
        if late := [name for name in rule.names if _is_late(name, sight.target)]:
            since = max((known_since(name) or () for name in late), default=())
            remedy = f"{_written(since)} knows them" if since else "no release does"
            yield Found(
                rule.place,
                f"libseccomp {_written(sight.target.libseccomp)} does not know {several(late)} ({remedy}): "
                "the denial does not exist",
            )


def _is_late(name: str, target: Target) -> bool:
    return number_of(name, target.architecture) is not None and not is_known(name, target.libseccomp)


def _written(version: Version) -> str:
    return ".".join(map(str, version))


LINT = Lint(
    id="denial-unknown-to-node",
    severity=Severity.ERROR,
    title="The node's libseccomp does not know a call that is to be denied.",
    why="Both runtimes drop names that libseccomp cannot resolve. The kernel may well know the call, and "
    "the default action lets it through.",
    advice="Use a default of SCMP_ACT_ERRNO, or renew libseccomp on the node.",
    source="libseccomp, seccomp_syscall_resolve_name(3); the tables of its releases",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount", "mseal"], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
    target=Target(libseccomp=(2, 5, 4)),
)
