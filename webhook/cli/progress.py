"""A line on the terminal that says how far a long run has come."""

import os
import time
from typing import Final, TextIO

from webhook.reports.printable import printable

# A run that is over sooner needs no such line.
_PATIENCE: Final = 2.0
_EVERY: Final = 0.2
_WIDEST: Final = 60
_CLEAR_LINE: Final = "\r\x1b[K"


class Progress:
    """The line, on *stream* if that is a terminal, and nowhere else."""

    def __init__(self, stream: TextIO | None) -> None:
        is_terminal = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._terminal = stream if is_terminal else None
        self._next = time.monotonic() + _PATIENCE
        self._is_shown = False

    def at(self, objects: int, file: str) -> None:
        """Say that *file*, or what else it is, is being read, if it is time to say something."""
        if self._terminal is None or (now := time.monotonic()) < self._next:
            return
        self._next = now + _EVERY
        name = printable(file)
        shown = name if len(name) <= _WIDEST else f"…{name[1 - _WIDEST :]}"
        self._terminal.write(f"{_CLEAR_LINE}{objects:,} objects; reading {shown}")
        self._terminal.flush()
        self._is_shown = True

    def clear(self) -> None:
        """Take the line away, so that other text can be written."""
        if self._terminal is not None and self._is_shown:
            self._terminal.write(_CLEAR_LINE)
            self._terminal.flush()
            self._is_shown = False
