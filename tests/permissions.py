"""Permissions that hold for the superuser too: containers in which tests run often have no other user.

Source: Linux manual pages, capabilities(7) and capset(2).
"""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_VERSION_3: Final = 0x20080522
_DAC_OVERRIDE: Final = 1 << 1
_DAC_READ_SEARCH: Final = 1 << 2
_THIS_THREAD: Final = struct.pack("=Ii", _VERSION_3, 0)
_SETS: Final = "=6I"  # effective, permitted, inheritable: the first 32 capabilities, then the others


@contextmanager
def permissions_hold() -> Iterator[None]:
    """Within it this thread may read only what the permissions of files let it read."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    before = ctypes.create_string_buffer(struct.calcsize(_SETS))
    _done(libc.capget(_THIS_THREAD, before))
    effective, *others = struct.unpack(_SETS, before.raw)
    lowered = effective & ~(_DAC_OVERRIDE | _DAC_READ_SEARCH)
    _done(libc.capset(_THIS_THREAD, struct.pack(_SETS, lowered, *others)))
    try:
        yield
    finally:
        _done(libc.capset(_THIS_THREAD, before.raw))


def _done(status: int) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
