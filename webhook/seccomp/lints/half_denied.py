"""A denial of one of several calls that do the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

if TYPE_CHECKING:
    from webhook.seccomp.profile import Place

_ALIKE = (
    ("chmod", "fchmod", "fchmodat", "fchmodat2"),
    ("chown", "lchown", "fchown", "fchownat"),
    ("clock_settime", "clock_adjtime", "settimeofday", "adjtimex"),
    ("execve", "execveat"),
    ("fork", "vfork", "clone", "clone3"),
    ("init_module", "finit_module"),
    ("kexec_load", "kexec_file_load"),
    ("link", "linkat"),
    ("mkdir", "mkdirat"),
    ("mknod", "mknodat"),
    ("mount", "fsmount", "move_mount"),
    ("open", "openat", "openat2", "creat"),
    ("ptrace", "process_vm_readv", "process_vm_writev"),
    ("rename", "renameat", "renameat2"),
    ("rmdir", "unlinkat"),
    ("symlink", "symlinkat"),
    ("unlink", "unlinkat"),
    ("unshare", "clone", "clone3"),
)


def look(sight: Sight) -> Iterator[Found]:
    """Every call that a rule refuses and that another open call replaces, where the default lets through."""
    if sight.default is None or sight.default.action.restricts:
        return
    by_place: dict[Place, list[str]] = {}
    for alike in _ALIKE:
        refused = [name for name in alike if sight.is_refused(name)]
        opened = [name for name in alike if sight.openings(name)]
        if refused and opened:
            half = f"{several(refused)} refused, but not {several(opened)}"
            by_place.setdefault(sight.fates(refused[0])[0].place, []).append(half)
    for place, halves in by_place.items():
        yield Found(place, "; ".join(halves))


LINT = Lint(
    id="half-denied",
    severity=Severity.WARNING,
    title="A call is denied, and another that does the same is not.",
    why="The kernel offers most things in several ways: a program that may not open may use openat, one "
    "that may not mount may use fsopen and move_mount.",
    advice="Deny all of them; better, allow what is needed and refuse the rest.",
    source="syscalls(2)",
    example="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["chmod", "fchmod", "fchmodat"], "action": "SCMP_ACT_ERRNO"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["chmod", "fchmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO"}]
}""",
    look=look,
)
