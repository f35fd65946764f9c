"""A way through all folders beneath one, in the order of names, that never leaves it and ends in time."""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import PurePosixPath
from stat import S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISLNK, S_ISREG, S_ISSOCK
from typing import Final

from webhook.agent.beneath import Opened, Outside, opened
from webhook.agent.limits import Limits
from webhook.nodes.report import SeccompFile

OWN: Final = ".seccomp-webhook-"
"""How files of the installer begin that are no profiles: drafts, and its record."""

_KINDS: Final = (
    (S_ISFIFO, "a FIFO"),
    (S_ISSOCK, "a socket"),
    (S_ISCHR, "a device"),
    (S_ISBLK, "a device"),
)


class Walk:
    """One way through all folders, in the order of names."""

    def __init__(
        self,
        root: int,
        place: PurePosixPath,
        limits: Limits,
        saw: Callable[[int], None],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self.left_out = 0
        self._root = root
        self._place = place
        self._limits = limits
        self._saw = saw
        self._beat = beat
        self._entries = 0

    def entries(self) -> Iterator[tuple[str, int | SeccompFile]]:
        """Paths, with a descriptor of the regular file that is there, or what is wrong with it.

        A descriptor is good until the next one.
        """
        self._saw(self._root)
        yield from self._within(self._root, "", (), ())

    def _within(
        self, folder: int, prefix: str, parts: tuple[str, ...], above: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[str, int | SeccompFile]]:
        here = os.fstat(folder)
        above = (*above, (here.st_dev, here.st_ino))
        for name in self._names(folder):
            self._beat()
            path = f"{prefix}{name}"
            try:
                entry = self._entry(folder, parts, name)
            except Outside:
                yield (
                    path,
                    SeccompFile(path, "", 0, error="a link that leads out of the folder: not followed"),
                )
                continue
            except FileNotFoundError:
                if _is_link(folder, name):
                    yield path, SeccompFile(path, "", 0, error="a link to nothing")
                continue
            except OSError as error:
                yield path, SeccompFile(path, "", 0, error=f"it cannot be read: {error.strerror}")
                continue
            try:
                yield from self._of(entry, path, above)
            finally:
                os.close(entry.descriptor)

    def _names(self, folder: int) -> list[str]:
        """The names in *folder* that a pod could say, as many as there is patience for."""
        with os.scandir(folder) as found:
            names = [each.name for each in islice(found, self._limits.entries - self._entries + 1)]
        self._entries += len(names)
        if self._entries > self._limits.entries:
            self.left_out += 1
        return sorted(name for name in names if _can_be_said(name) and not name.startswith(OWN))

    def _entry(self, folder: int, parts: tuple[str, ...], name: str) -> Opened:
        step = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        if not S_ISLNK(os.fstat(step).st_mode):
            return Opened(step, (*parts, name))
        os.close(step)
        return opened(self._root, self._place, (*parts, name))

    def _of(
        self, entry: Opened, path: str, above: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[str, int | SeccompFile]]:
        found = os.fstat(entry.descriptor)
        if S_ISREG(found.st_mode):
            yield path, entry.descriptor
        elif S_ISDIR(found.st_mode):
            # A link to a folder above: all that is there has been listed by a shorter name.
            if (found.st_dev, found.st_ino) not in above:
                yield from self._below(entry, path, above)
        else:
            kind = next((words for is_one, words in _KINDS if is_one(found.st_mode)), "no file")
            yield path, SeccompFile(path, "", 0, error=f"{kind}, not a file: not opened")

    def _below(
        self, entry: Opened, path: str, above: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[str, int | SeccompFile]]:
        if len(above) > self._limits.depth or self._entries > self._limits.entries:
            self.left_out += 1
            return
        try:
            folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=entry.descriptor)
        except OSError as error:
            # Whatever is in it is there for pods all the same.
            self.left_out += 1
            yield path, SeccompFile(path, "", 0, error=f"the folder cannot be read: {error.strerror}")
            return
        try:
            self._saw(folder)
            yield from self._within(folder, f"{path}/", entry.parts, above)
        finally:
            os.close(folder)


def _is_link(folder: int, name: str) -> bool:
    try:
        return S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _can_be_said(name: str) -> bool:
    """Whether a pod could name it: what is not UTF-8 cannot stand in JSON."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
