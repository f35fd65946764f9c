"""A key that stands twice in one object: all readers take the last one."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost
from webhook.seccomp.sight import Sight


def look(sight: Sight) -> Iterator[Found]:
    """Every key whose value is lost to the same key further down."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.DUPLICATE:
            yield Found(
                remark.place, f'the key "{remark.key}" stands again further down, and that one counts'
            )


LINT = Lint(
    id="duplicate-key",
    severity=Severity.WARNING,
    title="A key stands twice, and the last one counts.",
    why="JSON readers keep the last value without a word. What a reviewer reads first has no effect.",
    advice="Remove one of them, or put what both say into one.",
    source="RFC 8259, section 4; Go's encoding/json, which the runtimes read with",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
