"""Files by handle, past the file tree."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = ("open_by_handle_at",)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-by-handle",
    severity=Severity.WARNING,
    title="open_by_handle_at is open.",
    why="It opens a file of a mounted file system by its number, wherever it lies: with DAC_READ_SEARCH "
    "a container reads the node's files with it (2014, called shocker).",
    advice="Refuse it: RuntimeDefault opens it only beside DAC_READ_SEARCH.",
    source="open_by_handle_at(2); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "open_by_handle_at"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
