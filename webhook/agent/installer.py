"""Puts profiles into the node's folder, and takes away what it put there and nobody uses or wants any more.

It never writes over a file that somebody else put there, and never takes such a file away. What it does not
know is a reason to leave things as they are.
"""

import fcntl
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from webhook.agent.beneath import Outside, opened
from webhook.agent.inotify import Changes
from webhook.agent.limits import LIMITS, Limits
from webhook.agent.place import InTheWay, content_in, folder_of, put, root_of, take, take_drafts
from webhook.agent.record import LostRecord, Record, digest_of, record_in, write_record
from webhook.agent.sources import Wanted, wanted_from
from webhook.agent.told import Told
from webhook.agent.walk import OWN
from webhook.cluster.failure import Failure


class Asks(NamedTuple):
    """What the installer asks others: what is wrong with a profile's text, and which paths pods here name.

    ``wrong_with`` returns "" for a profile that loads. ``in_use`` raises Failure if nobody knows; about the
    same paths it is asked once in ``pause`` seconds, as 5,000 nodes may ask the same.
    """

    wrong_with: Callable[[bytes], str]
    in_use: Callable[[], frozenset[str]]
    pause: float = 0.0
    clock: Callable[[], float] = time.monotonic


_NEVER: Final = frozenset({"", ".", ".."})
_SOMEBODY_S: Final = "another file is there, and is not as we put it there: left alone"


class Installer:
    """Keeps the folder *root* as *sources* want it."""

    def __init__(
        self, root: Path, sources: Sequence[Path], asks: Asks, told: Told, limits: Limits = LIMITS
    ) -> None:
        self._root = root
        self._sources = tuple(sources)
        self._asks = asks
        self._told = told
        self._limits = limits
        self._staying: frozenset[str] = frozenset()
        self._ask_at = 0.0

    def turn(self, changes: Changes | None = None) -> None:
        """Put there what is wanted and take away what is not; *changes* tells when that is something else."""
        wanted = wanted_from(self._sources, changes.add_source if changes else None, self._limits)
        for problem in wanted.problems:
            self._told.once(f"source {problem}", "error", f"profiles to install: {problem}")
        try:
            self._root.mkdir(mode=0o755, parents=True, exist_ok=True)
            with root_of(self._root) as root:
                # Two agents of one node at once, while one takes the other's place.
                fcntl.flock(root, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._install(root, wanted)
        except BlockingIOError:
            self._told.once("lock", "info", f"{self._root}: somebody else is installing there")
        except OSError as error:
            self._told.once("install", "error", f"{self._root}: cannot install: {error.strerror}")

    def _install(self, root: int, wanted: Wanted) -> None:
        try:
            record = record_in(root)
        except (LostRecord, InTheWay) as error:
            self._told.once(
                "record", "error", f"{self._root}: {error}; what is there counts as somebody else's"
            )
            record = Record()
        self._clear(root, record, wanted)
        for path in sorted(wanted.files):
            record = self._put(root, record, path, wanted.files[path])
        # Who does not know all that is wanted does not know what is not.
        if not wanted.problems:
            self._take_all(root, record, [path for path in record.files if path not in wanted.files])

    def _clear(self, root: int, record: Record, wanted: Wanted) -> None:
        """Take away drafts of an agent that was ended."""
        for parts in {PurePosixPath(path).parts[:-1] for path in (*record.files, *wanted.files)} | {()}:
            try:
                with folder_of(root, parts) as folder:
                    take_drafts(folder)
            except (FileNotFoundError, InTheWay):
                continue

    def _put(self, root: int, record: Record, path: str, content: bytes) -> Record:
        """The record after *content* was put at *path*, if it is a profile and the place is free or ours."""
        parts = PurePosixPath(path).parts
        if wrong := self._asks.wrong_with(content):
            return self._refused(record, path, f"it does not load: {wrong}")
        if path.startswith(OWN) or _NEVER & {*parts}:
            return self._refused(record, path, "no pod can name it so")
        try:
            with folder_of(root, parts[:-1], make=True) as folder:
                record = self._put_in(root, folder, record, (path, content))
        except InTheWay as error:
            return self._refused(record, path, str(error))
        except FileExistsError:
            return self._refused(record, path, _SOMEBODY_S)
        self._told.over(f"refused {path}")
        return record

    def _put_in(self, root: int, folder: int, record: Record, wanted: tuple[str, bytes]) -> Record:
        path, content = wanted
        name = PurePosixPath(path).name
        there = content_in(folder, name, self._limits.size)
        if there != content:
            if there is not None and not record.owns(path, there):
                raise InTheWay(_SOMEBODY_S)
            digests = {digest_of(each) for each in (content, there) if each is not None}
            record = record.with_file(path, *sorted(digests))
            write_record(root, record)
            put(folder, name, content, replaces=there is not None)
            self._told.now("info", f"installed {path}, {digest_of(content)}")
        return self._settled(root, record, path, content)

    def _settled(self, root: int, record: Record, path: str, content: bytes) -> Record:
        """The record, in which what is at *path* is known to be *content* where it is ours at all."""
        digest = digest_of(content)
        if path not in record.files or record.files[path] == (digest,):
            return record
        # What is there is somebody else's if it is not what we put there, though it be what is wanted.
        record = record.with_file(path, digest) if digest in record.files[path] else record.without(path)
        write_record(root, record)
        return record

    def _take_all(self, root: int, record: Record, paths: Sequence[str]) -> None:
        if not paths or (self._staying.issuperset(paths) and self._asks.clock() < self._ask_at):
            return
        self._staying = frozenset(paths)
        self._ask_at = self._asks.clock() + self._asks.pause
        try:
            used = {_really(root, self._root, path) for path in self._asks.in_use()}
        except Failure as error:
            self._told.once(
                "in use", "warning", f"{len(paths)} profiles stay, as nobody knows who uses them: {error}"
            )
            return
        self._told.over("in use")
        for path in paths:
            if PurePosixPath(path).parts in used:
                self._told.once(
                    f"used {path}", "info", f"{path} is wanted no longer, and stays while a pod uses it"
                )
                continue
            self._told.over(f"used {path}")
            record = self._take(root, record, path)

    def _take(self, root: int, record: Record, path: str) -> Record:
        *above, name = PurePosixPath(path).parts
        try:
            with folder_of(root, above) as folder:
                there = content_in(folder, name, self._limits.size)
                if there is not None and record.owns(path, there):
                    take(folder, name)
                    self._told.now("info", f"removed {path}: it is wanted no longer, and no pod uses it")
                elif there is not None:
                    self._told.now("warning", f"{path} was changed by somebody else: left alone from now on")
        except FileNotFoundError:
            pass
        except InTheWay as error:
            self._told.now("warning", f"{error}: left alone from now on")
        record = record.without(path)
        write_record(root, record)
        return record

    def _refused(self, record: Record, path: str, why: str) -> Record:
        self._told.once(f"refused {path}", "error", f"{path} is not installed: {why}")
        return record


def _really(root: int, place: Path, path: str) -> tuple[str, ...]:
    """Where the file that a pod calls *path* is: links of somebody else may lead to files of ours."""
    parts = PurePosixPath(path).parts
    try:
        found = opened(root, PurePosixPath(place), parts)
    except (Outside, OSError):
        return parts
    os.close(found.descriptor)
    return found.parts
