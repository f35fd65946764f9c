"""A folder as a place for files: for trying it out, and where the webhook is no pod."""

from collections.abc import Mapping
from pathlib import Path

from certs import stores
from certs.places import Conflict, Stored


class Folder:
    """The files *names* in the folder at *path*, which is made when it is first needed."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self._path = path
        self._names = names

    def __str__(self) -> str:
        return str(self._path)

    def load(self) -> Stored:
        """The files of one generation. Raises Refused."""
        if not self._path.exists():
            return Stored({}, "")
        with stores.locked(self._path):
            return self._loaded()

    def save(self, files: Mapping[str, bytes], version: str) -> None:
        """Keep *files* as the next generation. Raises Conflict, Refused."""
        with stores.locked(self._path):
            if self._loaded().version != version:
                raise Conflict(f"{self._path}: somebody else has changed it")
            stores.save(self._path, files)

    def _loaded(self) -> Stored:
        return Stored(stores.load(self._path, self._names), stores.generation(self._path))
