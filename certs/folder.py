"""A folder as a place for files: for trying it out, and where the webhook is no pod."""

from collections.abc import Mapping
from pathlib import Path

from certs import stores
from certs.places import Conflict, Failure, Refused, Stored


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


class Mounted:
    """The files *names* of a folder that somebody else writes, such as a mounted Secret; never written to."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self._path = path
        self._names = names

    def __str__(self) -> str:
        return str(self._path)

    def load(self) -> Stored:
        """The files, all of one generation where the folder has any. Raises Refused."""
        generation = stores.generation(self._path)
        folder = self._path / generation
        try:
            files = {name: (folder / name).read_bytes() for name in self._names if (folder / name).exists()}
        except OSError as error:
            raise Refused(f"{error.filename}: {error.strerror}") from error
        return Stored(files, generation)

    def save(self, _files: Mapping[str, bytes], _version: str) -> None:
        """Raise Failure: these files are not ours."""
        raise Failure(f"{self._path}: these files are somebody else's and will not be written")
