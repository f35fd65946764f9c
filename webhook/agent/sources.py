"""What is to be on the node: the files of folders, as a ConfigMap is mounted or somebody keeps them."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from webhook.agent.content import Unread, content_of
from webhook.agent.limits import LIMITS, Limits
from webhook.agent.walk import Walk
from webhook.nodes.report import SeccompFile


class Wanted(NamedTuple):
    """Contents by path, and what could not be read: then nobody knows what all is wanted."""

    files: dict[str, bytes]
    problems: tuple[str, ...]


def wanted_from(
    folders: Iterable[Path], saw: Callable[[int], None] | None = None, limits: Limits = LIMITS
) -> Wanted:
    """The files of all *folders*, of which *saw* gets each that is open; the first that has a path counts."""
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for folder in folders:
        try:
            root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            problems.append(f"{folder}: {error.strerror}")
            continue
        try:
            walk = Walk(root, PurePosixPath(folder), limits, saw or _unseen)
            for path, place in walk.entries():
                # A ConfigMap has its files twice: as links, and in a folder ..data that they lead to.
                if path.startswith(".."):
                    continue
                try:
                    files.setdefault(path, _content(place, limits))
                except (Unread, OSError) as error:
                    problems.append(f"{folder}/{path}: {error}")
            if walk.left_out:
                problems.append(f"{folder}: there are more files than are read")
        except OSError as error:
            problems.append(f"{folder}: {error.strerror}")
        finally:
            with suppress(OSError):
                os.close(root)
    return Wanted(files, tuple(problems))


def _unseen(_folder: int) -> None:
    """Nobody is told."""


def _content(place: int | SeccompFile, limits: Limits) -> bytes:
    if isinstance(place, SeccompFile):
        raise Unread(place.error)
    return content_of(place, limits.size)[1]
