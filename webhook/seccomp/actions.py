"""What a filter can do with a system call.

Source: seccomp(2), section "SECCOMP_SET_MODE_FILTER"; OCI runtime specification, "Linux Container
Configuration", section "Seccomp".
"""

from enum import StrEnum
from typing import Final, NamedTuple

EPERM: Final = 1
ENOSYS: Final = 38


class Action(StrEnum):
    """An action, by the name that profiles give it. The order is the kernel's: what comes first wins."""

    KILL_PROCESS = "SCMP_ACT_KILL_PROCESS"
    KILL_THREAD = "SCMP_ACT_KILL_THREAD"
    TRAP = "SCMP_ACT_TRAP"
    ERRNO = "SCMP_ACT_ERRNO"
    NOTIFY = "SCMP_ACT_NOTIFY"
    TRACE = "SCMP_ACT_TRACE"
    LOG = "SCMP_ACT_LOG"
    ALLOW = "SCMP_ACT_ALLOW"

    @property
    def restricts(self) -> bool:
        """Whether the call does not simply reach the kernel."""
        return self not in {Action.LOG, Action.ALLOW}


KILL: Final = "SCMP_ACT_KILL"
"""How profiles of before libseccomp 2.4 call KILL_THREAD, and still may."""


class Outcome(NamedTuple):
    """What becomes of a call: the action, and what ERRNO returns or TRACE tells (0 for all others)."""

    action: Action
    data: int = 0
