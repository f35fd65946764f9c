"""A list of flags decides on the mitigation of a processor bug."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Place
from webhook.seccomp.sight import Sight

_FLAG = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"


def look(sight: Sight) -> Iterator[Found]:
    """A list of flags, with or without SPEC_ALLOW."""
    if sight.profile.flags is None:
        return
    if _FLAG in sight.profile.flags:
        yield Found(Place(0, "flags"), f"{_FLAG} switches the mitigation of Spectre variant 4 off")
    else:
        yield Found(
            Place(0, "flags"), f"without {_FLAG} older kernels switch a slow mitigation on for the container"
        )


LINT = Lint(
    id="flag-spec-allow",
    severity=Severity.NOTE,
    title="The list of flags decides on the mitigation of Spectre variant 4.",
    why="Without `flags` runc and crun add SPEC_ALLOW, which leaves the mitigation off. Any list, even "
    "an empty one, is taken as it is: without SPEC_ALLOW kernels before 5.16 make the whole "
    "container slower.",
    advice="Leave `flags` out, unless you want one of these.",
    source="seccomp(2), SECCOMP_FILTER_FLAG_SPEC_ALLOW; runc and crun; measured",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "flags": ["SECCOMP_FILTER_FLAG_LOG"],
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
