"""Putting one file into a folder, whole or not at all, and taking one away.

What is put there is written beside its place, brought to the disk, and then given its name: whoever looks
sees no file or all of it, at any moment, whatever ends us. Source: Linux manual pages, rename(2), link(2),
fsync(2).
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import Final

from webhook.agent.walk import OWN

DRAFT: Final = f"{OWN}draft-"
_FILE: Final = 0o644
_FOLDER: Final = 0o755
_HERE: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ROOT: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class InTheWay(Exception):
    """Something is where a file or folder of ours should be; the text says what."""


@contextmanager
def root_of(path: Path) -> Iterator[int]:
    """The folder *path*, open. Raises OSError."""
    folder = os.open(path, _ROOT)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def folder_of(root: int, parts: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """The folder *parts* beneath *root*, open; made where it is not there, if one may *make* it.

    Raises InTheWay where a part is a link or a file, FileNotFoundError and OSError.
    """
    here = os.dup(root)
    try:
        for number, part in enumerate(parts):
            is_new = make and _made(here, part)
            try:
                below = os.open(part, _HERE, dir_fd=here)
                if is_new:
                    # Whatever the process masks: who runs containers must get there.
                    os.fchmod(below, _FOLDER)
            except NotADirectoryError:
                place = "/".join(parts[: number + 1])
                raise InTheWay(f"{place} is a link or a file, and should be a folder") from None
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def content_in(folder: int, name: str, most: int) -> bytes | None:
    """What the regular file *name* in *folder* holds, cut after *most* bytes; None where nothing is there.

    Raises InTheWay where it is something else, or may not be read.
    """
    try:
        found = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        if not S_ISREG(os.fstat(found).st_mode):
            raise InTheWay(f"{name} is there, and is no file")
        with Path(f"/proc/self/fd/{found}").open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise InTheWay(f"{name} is there, and cannot be read: {error.strerror}") from error
    finally:
        os.close(found)


def put(folder: int, name: str, content: bytes, *, replaces: bool) -> None:
    """Have *content* in *folder* as *name*. Raises OSError; FileExistsError if it is there and not to go."""
    draft = f"{DRAFT}{secrets.token_hex(8)}"
    try:
        _write(folder, draft, content)
        if replaces:
            os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
        else:
            # Unlike rename, this never takes the place of a file that somebody puts there just now.
            os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
    os.fsync(folder)


def take(folder: int, name: str) -> None:
    """Take *name* away from *folder*, if it is there. Raises OSError."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
    os.fsync(folder)


def take_drafts(folder: int) -> None:
    """Take away what a process that was ended left in *folder*. Raises OSError."""
    for name in os.listdir(folder):
        if name.startswith(DRAFT):
            take(folder, name)


def _write(folder: int, name: str, content: bytes) -> None:
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        os.fchmod(file, _FILE)
        os.fsync(file)
    finally:
        os.close(file)


def _made(folder: int, name: str) -> bool:
    """Whether the folder *name* was not there, and is now."""
    try:
        os.mkdir(name, _FOLDER, dir_fd=folder)
    except FileExistsError:
        return False
    os.fsync(folder)
    return True
