"""TSYNC, which has nothing to do here."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """The flag TSYNC."""
    if sight.profile.flags and "SECCOMP_FILTER_FLAG_TSYNC" in sight.profile.flags:
        yield Found(Place(0, "flags"), "SECCOMP_FILTER_FLAG_TSYNC has no effect here")


LINT = Lint(
    id="flag-tsync",
    severity=Severity.NOTE,
    title="The flag TSYNC has no effect.",
    why="It spreads a filter over the threads of a process. At the time the runtime loads the filter "
    "there is one that matters; runc accepts the flag and ignores it.",
    advice="Remove it. With `flags` gone, the runtimes add SPEC_ALLOW.",
    source="seccomp(2), SECCOMP_FILTER_FLAG_TSYNC; runc, libcontainer/seccomp; measured",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "flags": ["SECCOMP_FILTER_FLAG_TSYNC"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
