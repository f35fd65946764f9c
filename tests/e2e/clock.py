"""A clock that goes wrong for one program: the time of day that ``clock.c`` gives it instead of the kernel's.

Clocks that only grow are left alone, as where an administrator or an NTP server sets the time of a machine.
"""

import os
import shutil
import struct
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.e2e.binaries import Unavailable

_SOURCE: Final = Path(__file__).with_name("clock.c")
_NUMBER: Final = struct.Struct("q")


class Clock:
    """The time of day for programs that are started with its ``environment``; right, until it is set.

    Raises Unavailable.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        offset = folder / "offset"
        # Programs have it mapped: it is only ever written to.
        self._file = os.open(offset, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self.set_right()
        library = _built(folder / "clock.so")
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(offset)}

    def set(self, wrong_by: timedelta) -> None:
        """Set it, while it goes."""
        os.pwrite(self._file, _NUMBER.pack(int(wrong_by.total_seconds())), 0)

    def set_right(self) -> None:
        """Set it to the right time."""
        self.set(timedelta())


def _built(place: Path) -> Path:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Unavailable("there is no cc on the PATH (Debian: apt-get install gcc)")
    command = [compiler, "-shared", "-fPIC", "-nostdlib", "-O1", "-o", place, _SOURCE]
    subprocess.run(command, check=True)  # noqa: S603 - our own source
    return place
