"""NOTIFY: somebody must answer."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that asks an agent, where there is the path of one."""
    for rule in sight.rules:
        if rule.action == Action.NOTIFY and sight.profile.listener_path:
            yield Found(rule.place, f"{several(rule.names)}: the program waits until the agent answers")


LINT = Lint(
    id="notify-needs-agent",
    severity=Severity.NOTE,
    title="An agent decides about calls: without it the container does not start, or waits.",
    why="The runtime connects to `listenerPath` at the start of the container; every such call then "
    "waits for the agent. What is behind a pointer can be changed by the program after the agent has "
    "looked at it.",
    advice="See that the agent runs before the containers do, on every node; do not let it decide on paths "
    "or addresses.",
    source="seccomp_unotify(2), section Bugs; OCI runtime specification, section Seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/agent.sock",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_NOTIFY"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
)
