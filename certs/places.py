"""Where files are kept together, so that two who change them at once lose no change. PURE."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Failure(Exception):
    """Something could not be read or written now; the message says what to do."""


class Conflict(Failure):
    """Somebody else has changed it since it was read: read again."""


class Refused(Exception):
    """What is there cannot be used as it is, and is left alone; the message says what to do."""


class Stored(NamedTuple):
    """Files, and a name for the state that they are in."""

    files: Mapping[str, bytes]
    version: str


class Place(Protocol):
    """Keeps files. All that it raises is Failure, or Refused where people must put something right first."""

    def __str__(self) -> str:
        """What people call it."""

    def load(self) -> Stored:
        """The files; none where nothing was ever kept."""

    def save(self, files: Mapping[str, bytes], version: str) -> None:
        """Keep *files* in place of those of *version*, all at once. Raises Conflict if others came first."""
