"""Name and number of an errno side by side: the number is not used."""

from collections.abc import Iterator

from webhook.seccomp.dialects.errnos import number_of
from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.profile import Lost, Remark
from webhook.seccomp.sight import Sight, rule_at


def look(sight: Sight) -> Iterator[Found]:
    """Every number of an errno beside a name that means another one."""
    for remark in sight.profile.remarks:
        if remark.lost is Lost.OVERRULED and not _is_same(remark, sight):
            yield Found(remark.place, f'"{remark.key}" does not count here: the name of the errno does')


def _is_same(remark: Remark, sight: Sight) -> bool:
    """Whether the number is that of the name."""
    if sight.written is None:
        return False
    counts, other = rule_at(remark.place.path, sight.profile), rule_at(remark.place.path, sight.written)
    name = counts.errno if counts else sight.profile.default_errno
    return number_of(str(name)) == (other.errno if other else sight.written.default_errno)


LINT = Lint(
    id="overruled-errno",
    severity=Severity.NOTE,
    title="An errno has a name and another number, and readers differ in which they take.",
    why="CRI-O takes the name and ignores the number; containerd and Docker read the number only. Where "
    "the two differ, so do the nodes.",
    advice="Let name and number be the same errno, or leave the name out: all readers take the number then.",
    source="containers-common, pkg/seccomp, getErrno",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [
    {"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS", "errnoRet": 1}
  ]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
}""",
    look=look,
    differences={"cri-o": "takes the name", "containerd": "takes the number", "docker": "as containerd"},
)
