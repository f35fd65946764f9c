"""io_uring: calls that no filter sees."""

from collections.abc import Iterator

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight, several

_CALLS = (
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
)


def look(sight: Sight) -> Iterator[Found]:
    """Those that reach the kernel whatever their arguments."""
    if sight.restricts:
        for place, names in sight.opened(_CALLS):
            yield Found(place, f"{several(names)}: open")


LINT = Lint(
    id="allows-io-uring",
    severity=Severity.WARNING,
    title="io_uring is open.",
    why="The kernel then opens files, connects and sends for the program without a system call: a filter "
    "on openat, connect or sendto does not see it. Runtimes took it out of their defaults in 2023.",
    advice="Refuse the three calls, unless the program uses them: most fall back to epoll.",
    source="io_uring_setup(2); containerd pull request 9320; moby, profiles/seccomp",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "io_uring_setup"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
