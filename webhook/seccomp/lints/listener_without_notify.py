"""The path of an agent that is never asked."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """A listenerPath without a rule that uses it."""
    if sight.profile.listener_path and all(rule.action != Action.NOTIFY for rule in sight.rules):
        yield Found(Place(0, "listenerPath"), "no rule has SCMP_ACT_NOTIFY: nobody is ever asked")


LINT = Lint(
    id="listener-without-notify",
    severity=Severity.WARNING,
    title="`listenerPath` is given, and no rule notifies.",
    why="runc ignores the path. crun connects to it at the start all the same, and the container does "
    "not start where nobody listens.",
    advice="Remove `listenerPath`.",
    source="OCI runtime specification, section Seccomp; measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "listenerPath": "/run/agent.sock",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={"runc": "ignores it", "crun": "does not start where nobody listens"},
)
