"""Opening what is beneath a folder, through links, and never what is outside of it.

Every step is opened by itself and looked at, so nobody who changes links meanwhile can lead us out of the
folder: a pod that may write there could otherwise have us read the files of the agent. Source: Linux manual
pages, path_resolution(7) and open(2), ``O_PATH``.
"""

import errno
import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from stat import S_ISLNK
from typing import Final, NamedTuple

_STEP: Final = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_LINKS: Final = 40  # as the kernel's MAXSYMLINKS


class Outside(Exception):
    """A link leads out of the folder."""


class Opened(NamedTuple):
    """A descriptor that stands for a file or folder (``O_PATH``), and where that really is in the folder."""

    descriptor: int
    parts: tuple[str, ...]


def opened(root: int, place: PurePosixPath, parts: Sequence[str]) -> Opened:
    """What is at *parts* beneath the folder *root*, which is also called *place*: links may begin with that.

    The caller closes the descriptor. Raises Outside, and OSError where there is nothing or too many links.
    """
    walked: list[tuple[str, int]] = []
    left = deque(parts)
    links = 0
    try:
        while left:
            name = left.popleft()
            if name == "..":
                if not walked:
                    raise Outside
                os.close(walked.pop()[1])
                continue
            here = walked[-1][1] if walked else root
            step = os.open(name, _STEP, dir_fd=here)
            if not S_ISLNK(os.fstat(step).st_mode):
                walked.append((name, step))
                continue
            links += 1
            try:
                target = PurePosixPath(os.readlink("", dir_fd=step))
            finally:
                os.close(step)
            if links > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            if target.is_absolute():
                while walked:
                    os.close(walked.pop()[1])
                if not target.is_relative_to(place):
                    raise Outside
                target = target.relative_to(place)
            left.extendleft(reversed(target.parts))
        found = walked[-1][1] if walked else root
        return Opened(os.dup(found), tuple(name for name, _ in walked))
    finally:
        for _, step in walked:
            with suppress(OSError):
                os.close(step)
