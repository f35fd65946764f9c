"""Only the older of two calls that do the same is allowed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from webhook.seccomp.lint import Found, Lint, Severity
from webhook.seccomp.sight import Sight

if TYPE_CHECKING:
    from webhook.seccomp.profile import Place

_NEWER = {
    "access": "faccessat", "chmod": "fchmodat", "chown": "fchownat", "dup2": "dup3",
    "epoll_create": "epoll_create1", "epoll_wait": "epoll_pwait", "eventfd": "eventfd2",
    "fork": "clone", "getdents": "getdents64", "inotify_init": "inotify_init1", "mkdir": "mkdirat",
    "open": "openat", "pipe": "pipe2", "poll": "ppoll", "readlink": "readlinkat",
    "rename": "renameat2", "select": "pselect6", "stat": "newfstatat", "symlink": "symlinkat",
    "unlink": "unlinkat",
}  # fmt: skip


def look(sight: Sight) -> Iterator[Found]:
    """Every call of an older form that is open while the newer one is refused."""
    if sight.default is None or not sight.default.action.restricts:
        return
    by_place: dict[Place, list[str]] = {}
    for older, newer in _NEWER.items():
        if (openings := sight.openings(older)) and sight.is_refused(newer):
            by_place.setdefault(openings[0].place, []).append(f"{newer} (beside {older})")
    for place, missing in by_place.items():
        yield Found(place, f"refused, and newer C libraries call it: {', '.join(missing)}")


LINT = Lint(
    id="older-form-only",
    severity=Severity.NOTE,
    title="Only the older form of a call is allowed.",
    why="The C library chooses which form it calls, and newer ones choose the newer form; on arm64 there "
    "is no other. The next image, or another distribution, then fails.",
    advice="Allow the newer form too: it opens nothing that is not open already.",
    source="syscalls(2), section Notes on older calls",
    example="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "open"], "action": "SCMP_ACT_ALLOW"}]
}""",
    clean="""{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [{"names": ["read", "open", "openat"], "action": "SCMP_ACT_ALLOW"}]
}""",
    look=look,
)
