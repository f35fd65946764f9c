"""An errno with an action that returns none."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight

_RETURNING = {Action.ERRNO, Action.TRACE}


def look(sight: Sight) -> Iterator[Found]:
    """The default action, and every rule, whose errno is not used."""
    profile = sight.profile
    if profile.default_errno is not None and profile.default_action not in _RETURNING:
        yield Found(Place(0, "defaultErrnoRet"), f"{profile.default_action} returns no errno")
    for rule in sight.rules:
        if rule.errno is not None and rule.action not in _RETURNING:
            yield Found(rule.place, f"{rule.action} returns no errno: {rule.errno} is not used")


LINT = Lint(
    id="errno-without-effect",
    severity=Severity.WARNING,
    title="An errno is given for an action that returns none.",
    why="Only SCMP_ACT_ERRNO returns it (and SCMP_ACT_TRACE hands it to the tracer). With SCMP_ACT_ALLOW "
    "crun does not start the container.",
    advice="Remove the errno, or write SCMP_ACT_ERRNO if that was meant.",
    source="seccomp(2), section Filters; measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"runc": "ignores it", "crun": "does not start with ALLOW"},
)
