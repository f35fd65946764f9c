"""The bytes of one file, as they were at one moment."""

import os
from typing import Final

_STEP: Final = 1 << 16
_TRIES: Final = 3
State = tuple[int, int, int, int, int]


class Unread(Exception):
    """A file was not read; the text says why."""


def state_of(found: os.stat_result) -> State:
    """Which file it is, how large, and when it was changed."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def content_of(descriptor: int, most: int) -> tuple[State, bytes]:
    """What the regular file *descriptor* stands for holds, of *most* bytes at most, and its state then.

    Raises Unread, also where the file changes whenever it is read, and OSError.
    """
    # What an O_PATH descriptor stands for cannot be exchanged: this is the file that was looked at.
    file = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        for _ in range(_TRIES):
            before = os.fstat(file)
            if before.st_size > most:
                raise Unread(f"larger than {most} bytes: not read")
            content = _all_of(file, most + 1)
            after = os.fstat(file)
            if state_of(before) == state_of(after) and len(content) == after.st_size:
                return state_of(after), content
        raise Unread("it changes while it is read")
    finally:
        os.close(file)


def _all_of(file: int, most: int) -> bytes:
    content = bytearray()
    while len(content) < most and (part := os.pread(file, min(_STEP, most - len(content)), len(content))):
        content += part
    return bytes(content)
