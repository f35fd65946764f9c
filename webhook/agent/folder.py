"""What a folder of seccomp profiles holds: every path that a pod could name, told as a report tells it."""

import os
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from webhook.agent.content import State, Unread, content_of, state_of
from webhook.agent.limits import LIMITS, Limits, length
from webhook.agent.walk import Walk
from webhook.nodes.report import SeccompFile

Judge = Callable[[bytes], tuple[str, str]]
"""The class of a profile's text, and what is wrong with it or ""."""

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
            walk = Walk(root, PurePosixPath(self.root), self._limits, saw, beat)
            files = tuple(self._listed(walk))
        finally:
            os.close(root)
        digests = {file.digest for file in files}
        self._judged = {digest: said for digest, said in self._judged.items() if digest in digests}
        return Found(files, walk.left_out)

    def forget(self) -> None:
        """Read every file again the next time."""
        self._read = {}

    def _listed(self, walk: Walk) -> Iterator[SeccompFile]:
        before, self._read = self._read, {}
        files, text = 0, 0
        for path, place in walk.entries():
            size = len(path.encode())
            if files >= self._limits.files or text >= self._limits.text or size > self._limits.path:
                walk.left_out += 1
                continue
            file = place if isinstance(place, SeccompFile) else self._file(path, place, before)
            files += 1
            text += length(path) + length(file.error)
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
            profile_class, wrong = self._judge(content)
            self._judged[digest] = profile_class, wrong[: self._limits.error]
        file = SeccompFile(path, digest, len(content), *self._judged[digest])
        if time.time_ns() - max(state[3], state[4]) > _YOUNG:
            self._read[state] = file
        return file
