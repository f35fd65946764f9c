"""What the installer put into a folder, so that it takes away that and nothing else.

The record says so before a file appears and until after it is gone. So a file that it does not name was put
there by somebody else, and one that it names is ours if it has a digest that the record names too.
"""

from hashlib import sha256
from typing import Final

import msgspec

from webhook.agent.place import content_in, put
from webhook.agent.walk import OWN

NAME: Final = f"{OWN}record.json"
_LARGEST: Final = 4 << 20


class Record(msgspec.Struct, frozen=True):
    """For each path the digests of what we put there: one, or two while one takes the other's place."""

    files: dict[str, tuple[str, ...]] = {}
    version: int = 1

    def owns(self, path: str, content: bytes) -> bool:
        """Whether *content* at *path* is what we put there."""
        return digest_of(content) in self.files.get(path, ())

    def with_file(self, path: str, *digests: str) -> "Record":
        """The same, and at *path* any of *digests*."""
        return Record({**self.files, path: digests})

    def without(self, path: str) -> "Record":
        """The same, and nothing at *path*."""
        return Record({each: digests for each, digests in self.files.items() if each != path})


class LostRecord(Exception):
    """There is a record, and it cannot be read."""


def digest_of(content: bytes) -> str:
    """The digest of *content*, as reports have it."""
    return f"sha256:{sha256(content).hexdigest()}"


def record_in(root: int) -> Record:
    """The record in the folder *root*; an empty one where there is none. Raises LostRecord and OSError."""
    content = content_in(root, NAME, _LARGEST)
    if content is None:
        return Record()
    try:
        return msgspec.json.decode(content, type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LostRecord(f"{NAME} cannot be read: {error}") from error


def write_record(root: int, record: Record) -> None:
    """Have *record* in the folder *root*. Raises OSError."""
    put(root, NAME, msgspec.json.encode(record), replaces=True)
