"""Whether others use this machine, and waiting until they do not."""

import os
import time
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")
_LOOK: Final = 0.5
QUIET: Final = 0.15
"""The share of all cores that others may have without spoiling a measurement."""


def busy_seconds() -> float:
    """CPU time of all cores that was not idle, since the machine started."""
    _, user, nice, system, _idle, _waiting, *rest = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    interrupts_and_stolen = sum(map(int, rest[:3]))
    return (int(user) + int(nice) + int(system) + interrupts_and_stolen) / _TICK


def await_quiet(until: float) -> None:
    """Return when nobody else is at work, or at *until* on the monotonic clock."""
    while time.monotonic() < until:
        before, began = busy_seconds(), time.monotonic()
        time.sleep(_LOOK)
        if (busy_seconds() - before) / (time.monotonic() - began) / (os.cpu_count() or 1) < QUIET:
            return
