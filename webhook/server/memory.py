"""What the allocator does with memory that is no longer used."""

import ctypes
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
