"""A profile without default action and without rules: runc loads nothing."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import DEFAULT_ACTION, Sight


def look(sight: Sight) -> Iterator[Found]:
    """A profile of which the runtime makes no filter."""
    if sight.loaded is not None and not sight.loaded.is_filter:
        yield Found(DEFAULT_ACTION, "no default action and no rules: the container runs unconfined")


LINT = Lint(
    id="no-filter",
    severity=Severity.ERROR,
    title="The profile is empty, and the container runs unconfined.",
    why='runc takes a profile without default action and rules as "seccomp disabled" and starts the '
    "container with `Seccomp: 0`. The pod says Localhost and has no filter.",
    advice="Write the profile that is meant, or take RuntimeDefault.",
    source="runc, libcontainer/specconv; measured with runc 1.3.6 and crun 1.28",
    example="{}",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
    differences={
        "runc": "runs unconfined",
        "crun": "does not start with an empty file",
        "cri-o": "hands on nothing: runs unconfined with crun, too",
    },
)
