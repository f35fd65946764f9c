"""A permission for a call that the node's libseccomp does not know."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, outcome_of, several
from webhook.seccomp.syscalls import is_known, number_of
from webhook.seccomp.target import Target


def look(sight: Sight) -> Iterator[Found]:
    """The names in rules that allow which libseccomp is too old for, where the default refuses."""
    if sight.default is None or not sight.default.action.restricts:
        return
    for rule in sight.rules:
        outcome = outcome_of(rule.action, rule.errno)
        if outcome is None or outcome.action.restricts:
            continue
        late = [
            name
            for name in rule.names
            if number_of(name, sight.target.architecture) is not None
            and not is_known(name, sight.target.libseccomp)
        ]
        if late:
            version = ".".join(map(str, sight.target.libseccomp))
            yield Found(
                rule.place, f"libseccomp {version} does not know {several(late)}: refused all the same"
            )


LINT = Lint(
    id="permission-unknown-to-node",
    severity=Severity.NOTE,
    title="The node's libseccomp does not know a call that is to be allowed.",
    why="Both runtimes drop names that libseccomp cannot resolve: the call is refused as by default. "
    "Programs mostly fall back to an older one.",
    advice="Nothing need be done, unless the program must have the call; then renew libseccomp on the node.",
    source="libseccomp, seccomp_syscall_resolve_name(3); the tables of its releases",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "mseal"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    target=Target(libseccomp=(2, 5, 4)),
)
