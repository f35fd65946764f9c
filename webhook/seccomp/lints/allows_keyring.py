"""The kernel keyring, which containers share."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = (
    "add_key",
    "keyctl",
    "request_key",
)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-keyring",
    severity=Severity.WARNING,
    title="The kernel keyring is open.",
    why="Keyrings belong to no namespace: containers of one user id see and use each other's keys.",
    advice="Refuse the three calls, unless the program is one for Kerberos, encrypted file systems or the "
    "like.",
    source="keyrings(7); moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "keyctl"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
