"""Files, folders and standard input, as streams of bytes."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from webhook.manifests.limits import STREAM_BYTES
from webhook.manifests.malformed import Malformed

STANDARD_INPUT: Final = "-"
_ENDINGS: Final = (".yaml", ".yml", ".json")
_BLOCK: Final = 1 << 20
_NO_NAME: Final = "no file can have this name"
_REASONS: Final = {
    errno.ENOENT: "there is no such file",
    errno.EACCES: "no permission to read it",
    errno.ELOOP: "its symbolic links lead in a circle",
}


class Source(NamedTuple):
    """A place to read manifests from; ``is_named`` where the user named it, and no folder held it."""

    name: str
    is_named: bool


class Unusable(NamedTuple):
    """A place that cannot be read, and why."""

    name: str
    problem: str


def sources(path: str) -> Iterator[Source | Unusable]:
    """What *path* stands for: itself, or the manifests in the folder that it is, sorted by name."""
    if path == STANDARD_INPUT:
        yield Source(path, is_named=True)
        return
    if not path:  # which to pathlib is the folder that we are in
        yield Unusable(path, _NO_NAME)
        return
    try:
        is_folder = stat.S_ISDIR(Path(path).stat().st_mode)
    except (OSError, ValueError) as error:
        yield Unusable(path, reason(error))
        return
    if is_folder:
        yield from _manifests_in(path)
    else:
        yield Source(path, is_named=True)


def _manifests_in(folder: str) -> Iterator[Source | Unusable]:
    """No folder is read twice, so symbolic links in a circle come to an end."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            status = Path(path).stat()
            mode = status.st_mode
            if stat.S_ISDIR(mode):
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    waiting += sorted(_entries(path), reverse=True)
            elif stat.S_ISREG(mode):
                yield Source(path, is_named=False)
            else:
                yield Unusable(path, "this is no file but a pipe or a device: name it to have it read")
        except OSError as error:
            yield Unusable(path, reason(error))


def _entries(folder: str) -> Iterator[str]:
    """Folders that are not hidden, and what is called like a manifest."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if _is_folder(entry):
                if not entry.name.startswith("."):
                    yield entry.path
            elif entry.name.lower().endswith(_ENDINGS):
                yield entry.path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere, in a circle or behind a closed door
        return False


def blocks(source: Source) -> Iterator[bytes]:
    """What *source* holds. Raises OSError, and Malformed where a stream does not come to an end."""
    if source.name == STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        yield from _read(sys.stdin.buffer, STREAM_BYTES)
        return
    with Path(source.name).open("rb", buffering=0) as file:
        yield from _read(file, None if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else STREAM_BYTES)


def _read(file: BinaryIO, limit: int | None) -> Iterator[bytes]:
    length = lines = 0
    while block := file.read(_BLOCK):
        length += len(block)
        lines += block.count(b"\n")
        if limit is not None and length > limit:
            problem = f"more than {limit >> 20} MiB came, and no end: give it as a file, or in parts"
            raise Malformed(lines + 1, problem)
        yield block


def reason(error: OSError | ValueError) -> str:
    """Why something cannot be read, for the user."""
    if not isinstance(error, OSError):
        return _NO_NAME
    known = _REASONS.get(error.errno or 0)
    text = known or error.strerror or type(error).__name__
    return f"cannot read this: {text[:1].lower()}{text[1:]}"
