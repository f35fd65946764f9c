"""What a folder of seccomp profiles holds: every path that a pod could name, told as a report tells it."""

import os
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from stat import S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISLNK, S_ISREG, S_ISSOCK
from typing import Final, NamedTuple

from webhook.agent.beneath import Opened, Outside, opened
from webhook.agent.content import State, Unread, content_of, state_of
from webhook.agent.limits import LIMITS, Limits
from webhook.nodes.report import SeccompFile

OWN: Final = ".seccomp-webhook-"
"""How files of the installer begin that are no profiles: drafts, and its record."""

Judge = Callable[[bytes], tuple[str, str]]
"""The class of a profile's text, and what is wrong with it or ""."""

_KINDS: Final = (
    (S_ISFIFO, "a FIFO"),
    (S_ISSOCK, "a socket"),
    (S_ISCHR, "a device"),
    (S_ISBLK, "a device"),
)
# A file that is changed twice within one tick of the kernel's clock keeps its time: who read it between the
# two would never look again. As git does for its index.
_YOUNG: Final = 2_000_000_000


class FolderGone(Exception):
    """The folder was deleted on the node, and is still mounted here: what comes after it is not seen."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} was deleted on the node: ending, to be started again with the folder that is there then"
        )


class Found(NamedTuple):
    """The files that are told, how many more there are, and whether there is such a folder at all."""

    files: tuple[SeccompFile, ...]
    left_out: int = 0
    exists: bool = True


class Folder:
    """The folder *root*, judged by *judge*. What has not changed since it was last read is remembered."""

    def __init__(self, root: Path, judge: Judge, limits: Limits = LIMITS) -> None:
        self.root = root
        self._judge = judge
        self._limits = limits
        self._read: dict[State, SeccompFile] = {}
        self._judged: dict[str, tuple[str, str]] = {}

    def found(
        self, saw: Callable[[int], None] = lambda _: None, beat: Callable[[], None] = lambda: None
    ) -> Found:
        """What is there now. *beat* is called often, and *saw* with each open folder before that is listed.

        Raises OSError where the folder cannot be read, and FolderGone.
        """
        try:
            root = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            return Found((), exists=False)
        try:
            if os.fstat(root).st_nlink == 0:
                raise FolderGone(self.root)
            walk = _Walk(root, PurePosixPath(self.root), self._limits, saw, beat)
            files = tuple(self._listed(walk))
        finally:
            os.close(root)
        digests = {file.digest for file in files}
        self._judged = {digest: said for digest, said in self._judged.items() if digest in digests}
        return Found(files, walk.left_out)

    def forget(self) -> None:
        """Read every file again the next time."""
        self._read = {}

    def _listed(self, walk: "_Walk") -> Iterator[SeccompFile]:
        before, self._read = self._read, {}
        files, text = 0, 0
        for path, place in walk.entries():
            size = len(path.encode())
            if files >= self._limits.files or text >= self._limits.text or size > self._limits.path:
                walk.left_out += 1
                continue
            file = place if isinstance(place, SeccompFile) else self._file(path, place, before)
            files += 1
            text += size + len(file.error.encode())
            yield file

    def _file(self, path: str, descriptor: int, before: dict[State, SeccompFile]) -> SeccompFile:
        size = 0
        try:
            found = os.fstat(descriptor)
            size = found.st_size
            if kept := before.get(state_of(found)):
                self._read[state_of(found)] = kept
                return kept._replace(path=path)
            state, content = content_of(descriptor, self._limits.size)
        except Unread as error:
            return SeccompFile(path, "", size, error=str(error))
        except OSError as error:
            return SeccompFile(path, "", size, error=f"it cannot be read: {error.strerror}")
        digest = f"sha256:{sha256(content).hexdigest()}"
        if digest not in self._judged:
            profile_class, error = self._judge(content)
            self._judged[digest] = profile_class, error[: self._limits.error]
        file = SeccompFile(path, digest, len(content), *self._judged[digest])
        if time.time_ns() - max(state[3], state[4]) > _YOUNG:
            self._read[state] = file
        return file


class _Walk:
    """One way through all folders, in the order of names."""

    def __init__(
        self,
        root: int,
        place: PurePosixPath,
        limits: Limits,
        saw: Callable[[int], None],
        beat: Callable[[], None],
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
