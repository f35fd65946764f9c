"""Mounting file systems."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = (
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "mount",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "pivot_root",
    "umount",
    "umount2",
)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-mounts",
    severity=Severity.WARNING,
    title="Calls that mount are open.",
    why="With SYS_ADMIN, also that of a user namespace of the container's own, they show the container "
    "other parts of the node, and reach the parsers of file systems.",
    advice="Refuse them: RuntimeDefault opens them only beside SYS_ADMIN.",
    source="mount(2); mount_namespaces(7); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "mount"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
