"""A folder that keeps files together: all of one generation, or all of the one before.

The layout is that of a mounted Secret: each generation is a hidden folder, ``..data`` points at the one
in force, and every file is a link through it. One rename replaces all files at once, so that neither a
reader nor a crash ever meets half of a change.
Source: Kubernetes, how the kubelet writes volumes of Secrets.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from certs.places import Refused

_CURRENT: Final = "..data"
_GENERATION: Final = "..generation-"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make *folder* if need be, and keep others who ask the same out of it.

    Raises Refused where the folder is no place for keys.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid not in {0, os.geteuid()}:
            raise Refused(
                f"{folder}: this folder is another user's, who can change the keys in it: name another"
            )
        if status.st_mode & _OTHERS_WRITE:
            raise Refused(f"{folder}: others may write into this folder; run: chmod go-w {folder}")
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Refused(f"{folder}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def load(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Those of the files *names* that *folder* keeps, all of one generation.

    Raises Refused where a file was put there by somebody else, or is open to others.
    """
    for name in names:
        path = folder / name
        if path.exists() and not path.is_symlink():
            raise Refused(
                f"{path}: this file was not made here and will not be replaced; "
                "name another folder, or serve these files as they are"
            )
    current = (folder / _CURRENT).resolve()
    return {name: _private(current / name) for name in names if (current / name).exists()}


def save(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make *files* what *folder* keeps, all at once; the lock must be held. Raises Refused."""
    try:
        new = Path(tempfile.mkdtemp(prefix=_GENERATION, dir=folder))
        for name, content in files.items():
            _write(new / name, content)
            _link(folder / name, f"{_CURRENT}/{name}")
        _sync(new)
        _link(folder / _CURRENT, new.name)
        _sync(folder)
        for old in folder.glob(f"{_GENERATION}*"):
            if old != new:
                shutil.rmtree(old)
        for link in folder.iterdir():
            if link.is_symlink() and not link.exists():
                # A file that is kept no longer.
                link.unlink()
    except OSError as error:
        raise Refused(f"{error.filename or folder}: {error.strerror}") from error


def generation(folder: Path) -> str:
    """The name of the generation in force; empty where there is none."""
    try:
        return (folder / _CURRENT).readlink().name
    except OSError:
        return ""


def _private(path: Path) -> bytes:
    try:
        if path.stat().st_mode & _OTHERS:
            raise Refused(f"{path}: others may read this file; run: chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _link(path: Path, target: str) -> None:
    """Let *path* point at *target*, without a moment in which it points nowhere."""
    beside = path.with_name(f"..new-{path.name}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
