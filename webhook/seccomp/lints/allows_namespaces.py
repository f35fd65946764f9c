"""New namespaces, user namespaces among them."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = (
    "setns",
    "unshare",
)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-namespaces",
    severity=Severity.WARNING,
    title="New namespaces can be made or entered.",
    why="A new user namespace needs no capability and gives all capabilities inside it: it opens the "
    "parts of the kernel where most local privilege escalations were found.",
    advice="Refuse unshare and setns, unless the container builds containers or sandboxes of its own.",
    source="user_namespaces(7); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "unshare"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
