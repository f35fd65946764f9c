"""Memory that is freed goes back to the system, and files that need no disk are kept in memory."""

import ctypes
import os
from typing import Final

# Source: mallopt(3) of the GNU C library.
_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 128 * 1024


def give_large_blocks_back() -> None:
    """Have large blocks returned to the system when they are freed, where the C library is GNU's.

    It would raise its idea of a large block with every body of some megabytes and keep what held them: a
    server that was once sent forty of them at once would hold 250 MiB from then on, instead of 45.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


def memory_folder() -> str | None:
    """A folder for files that never see a disk, or None where there is no such place."""
    folder = "/dev/shm"  # noqa: S108 - what is made there gets a random name
    return folder if os.access(folder, os.W_OK | os.X_OK) else None
