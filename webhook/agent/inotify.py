"""Whether something changes in folders. Source: Linux manual pages, inotify(7).

The standard library has none of it, and a program that runs on every node should not bring a library for
three calls. An instance is made for one look at a folder and thrown away with the next: nothing need be known
of which change was where, as everything is looked at again.
"""

import ctypes
import os
import select
from contextlib import suppress
from pathlib import Path
from typing import Final

_NONBLOCK: Final = os.O_NONBLOCK
_CLOEXEC: Final = os.O_CLOEXEC
# modify, attrib, close after write, moved from, moved to, create, delete, delete itself, move itself.
_CHANGES: Final = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800
_ENTRIES: Final = 0x40 | 0x80 | 0x100 | 0x200
_ENOUGH: Final = 1 << 16
_libc: Final = ctypes.CDLL(None, use_errno=True)


class Changes:
    """Tells whether anything changed in the folders that were added. Raises OSError if it cannot be made."""

    def __init__(self) -> None:
        self._descriptor = _checked(_libc.inotify_init1(_NONBLOCK | _CLOEXEC))

    def fileno(self) -> int:
        """What to wait on: it is readable when something changed."""
        return self._descriptor

    def add(self, folder: int) -> None:
        """Tell of the folder that is open as *folder* from now on. Raises OSError."""
        self._add(f"/proc/self/fd/{folder}", _CHANGES)

    def add_source(self, folder: int) -> None:
        """As ``add``; where that cannot be, whoever asked looks now and then in any case."""
        with suppress(OSError):
            self.add(folder)

    def await_entry(self, path: Path) -> None:
        """Tell when something appears where *path* is to be, or in the nearest folder above that there is."""
        for folder in path.parents:
            try:
                return self._add(str(folder), _ENTRIES)
            except FileNotFoundError:
                continue
            except OSError:
                # Whoever asked looks now and then in any case.
                return None
        return None

    def drain(self) -> None:
        """Forget what was told so far."""
        while select.select([self._descriptor], [], [], 0)[0]:
            os.read(self._descriptor, _ENOUGH)

    def close(self) -> None:
        """Tell nothing more."""
        os.close(self._descriptor)

    def _add(self, path: str, mask: int) -> None:
        _checked(_libc.inotify_add_watch(self._descriptor, os.fsencode(path), mask))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
