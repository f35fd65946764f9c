"""The log: one line of JSON for each thing that happened, on standard output.

Lines are ASCII and written whole, so that no name that somebody made up can end a line, hide in one or
take it over: what is not printable is escaped, what is too long is cut. Warnings, which anybody who reaches
the port can cause, are limited in number.
"""

import json
import os
import select
import time
from collections import defaultdict
from datetime import UTC, datetime
from threading import Lock
from typing import Final, Literal

import msgspec

from webhook.server.rate import Rate

LONGEST_NAME: Final = 253
"""Characters of a name that are kept: no name of an object is longer, only users' may be."""
LONGEST_TEXT: Final = 2048

Severity = Literal["debug", "info", "warning", "error", "critical"]


class Line(msgspec.Struct, omit_defaults=True):
    """What every line says; kinds of lines add their own."""

    ts: str
    severity: Severity
    event: str


class Message(Line):
    """A line for people."""

    message: str
    error: str = ""
    address: str = ""
    port: int = 0
    suppressed: int = 0


class Journal:
    """Writes lines to a file descriptor."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._encode = msgspec.json.Encoder().encode
        self._lock = Lock()
        self._is_ready = select.poll()
        self._is_ready.register(descriptor, select.POLLOUT)
        self._lost = 0
        self._rest = b""
        self._warnings: defaultdict[str, Rate] = defaultdict(lambda: Rate(burst=20, interval=0.2))

    def write(self, line: Line) -> None:
        """Write *line*, whole. What cannot be written is lost: a full disk must not refuse pods.

        Nor must whoever reads a pipe and has stopped: nothing waits for him, and later he is told how many
        lines he missed.
        """
        try:
            encoded = self._encode(line)
        except UnicodeEncodeError:
            encoded = b"\xff"
        if not encoded.isascii():
            encoded = json.dumps(msgspec.to_builtins(line), separators=(",", ":")).encode()
        with self._lock:
            if self._lost and self._wrote(self._encode(self._loss())):
                self._lost = 0
            if self._lost or not self._wrote(encoded):
                self._lost += 1

    def say(self, severity: Severity, event: str, message: str, error: str = "") -> None:
        """Write a line for people; a warning only if there were not many of *event* just now."""
        suppressed = self._warnings[event].allows() if severity == "warning" else 0
        if suppressed is not None:
            text = cut(message, LONGEST_TEXT)
            self.write(Message(now(), severity, event, text, cut_before(error), suppressed=suppressed))

    def _loss(self) -> Message:
        words = f"{self._lost} lines are missing here: they could not be written"
        return Message(now(), "warning", "log", words)

    def _wrote(self, encoded: bytes) -> bool:
        """Whether the line was written, or begun: its end is kept, and comes before anything else."""
        self._rest = self._left_of(self._rest)
        if self._rest:
            return False
        line = encoded + b"\n"
        left = self._left_of(line)
        if len(left) == len(line):
            return False
        self._rest = left
        return True

    def _left_of(self, data: bytes) -> bytes:
        """What of *data* cannot be written now. A pipe that is ready takes so many bytes without waiting."""
        rest = memoryview(data)
        try:
            while rest and self._is_ready.poll(0):
                rest = rest[os.write(self._descriptor, rest[: select.PIPE_BUF]) :]
        except OSError:
            pass
        return bytes(rest)


def now() -> str:
    """The time of day as lines say it: RFC 3339, in UTC, to the millisecond."""
    moment = time.time()
    second = int(moment)
    return f"{_second(second)}.{int((moment - second) * 1000):03d}Z"


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """*text*, or its beginning and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def cut_before(text: str, longest: int = LONGEST_TEXT) -> str:
    """*text*, or an ellipsis and its end: of a traceback the end says what went wrong."""
    return text if len(text) <= longest else f"...{text[3 - longest :]}"


_last_second = (0, "")


def _second(second: int) -> str:
    # Formatting a time costs more than the rest of a line, and most lines are of the same second.
    global _last_second  # noqa: PLW0603 - a cache of one entry, replaced as a whole
    cached, text = _last_second
    if cached != second:
        text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        _last_second = (second, text)
    return text
