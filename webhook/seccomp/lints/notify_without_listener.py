"""NOTIFY, and nobody to notify."""

from collections.abc import Iterator

from webhook.seccomp.actions import Action
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several


def look(sight: Sight) -> Iterator[Found]:
    """Every rule that asks an agent, where no path of one is given."""
    for rule in sight.rules:
        if rule.action == Action.NOTIFY and not sight.profile.listener_path:
            yield Found(rule.place, f"{several(rule.names)}: there is no listenerPath, so nobody answers")


LINT = Lint(
    id="notify-without-listener",
    severity=Severity.ERROR,
    title="SCMP_ACT_NOTIFY without `listenerPath`.",
    why="Nobody is there to answer. runc does not start the container; with crun it starts, and the call "
    "returns ENOSYS.",
    advice="Give `listenerPath`, or refuse the call with SCMP_ACT_ERRNO.",
    source="OCI runtime specification, section Seccomp; measured with runc 1.3.6 and crun 1.28",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_NOTIFY"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "listenerPath": "/run/agent.sock",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_NOTIFY"}]
}""",
    look=look,
    differences={"runc": "does not start", "crun": "starts; the call returns ENOSYS"},
)
