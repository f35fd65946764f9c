"""A copy of the objects of a kind, by name: written by the thread that follows them, read by all."""

from collections.abc import Mapping
from typing import Generic, TypeVar

_Kept = TypeVar("_Kept")


class Copied(Generic[_Kept]):
    """What is kept of each object."""

    def __init__(self) -> None:
        self._known: dict[str, _Kept] = {}

    def known(self) -> int:
        """How many objects there are."""
        return len(self._known)

    def get(self, name: str) -> _Kept | None:
        """What is kept of *name*, or None if it is not known."""
        return self._known.get(name)

    def replace(self, found: Mapping[str, _Kept]) -> None:
        """Keep *found*, and nothing else."""
        self._known = dict(found)

    def put(self, name: str, kept: _Kept) -> None:
        """Keep this of *name* from now on."""
        self._known[name] = kept

    def remove(self, name: str) -> None:
        """Keep nothing of *name*."""
        self._known.pop(name, None)
