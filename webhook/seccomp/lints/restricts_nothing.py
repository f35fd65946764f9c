"""A profile that is loaded and keeps nothing from the kernel."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight


def look(sight: Sight) -> Iterator[Found]:
    """A filter all of whose actions are ALLOW and LOG."""
    if sight.loaded is not None and sight.loaded.is_filter and not sight.restricts:
        yield Found(DEFAULT_ACTION, "no call is refused: every action that takes effect is ALLOW or LOG")


LINT = Lint(
    id="restricts-nothing",
    severity=Severity.ERROR,
    title="The profile refuses no call.",
    why="LOG and ALLOW both let a call through. /proc shows `Seccomp: 2` all the same, and Pod Security "
    "accepts any Localhost profile: nothing tells that the container is in effect unconfined.",
    advice="For a recording this is right, for production it is not: take RuntimeDefault, or an allow-list.",
    source="seccomp(2), SECCOMP_RET_LOG and SECCOMP_RET_ALLOW",
    example="""{
  "defaultAction": "SCMP_ACT_LOG",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
