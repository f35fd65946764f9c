"""What comes out of files: Kubernetes objects that know their lines, and what could not be read."""

from collections.abc import Callable
from typing import Any, NamedTuple

from webhook.manifests.places import Place, line_in
from webhook.policy.path import Path


class Text:
    """The text of a document; where its parts are is found out when first asked for, and kept."""

    __slots__ = ("_find", "_first_line", "_root", "_written")

    def __init__(self, written: str, first_line: int, find: Callable[[str], Place]) -> None:
        """*first_line* is that of the text in its file; *find* finds the places in such a text."""
        self._written = written
        self._first_line = first_line
        self._find = find
        self._root: Place | None = None

    def line_of(self, path: Path) -> int:
        """The line in the file of the part at *path*, or of the nearest part around it."""
        if self._root is None:
            self._root = self._find(self._written)
        return self._first_line - 1 + line_in(self._root, path)


class Value(NamedTuple):
    """A value that was read, and may be an object: its line in the file, and where in ``text`` it is."""

    content: Any
    line: int
    text: Text
    inside: Path = ()


class Document(NamedTuple):
    """A Kubernetes object with a kind and a version: parts of it may be shared, so none may be changed.

    ``document`` counts from 1 within the file; the items of a ``List`` share that of the list. ``line`` is
    where the object begins. ``text`` holds it at ``inside``.
    """

    file: str
    document: int
    line: int
    object: dict[str, Any]
    text: Text
    inside: Path = ()

    def line_of(self, path: Path) -> int:
        """The line where the field at *path* begins, or its nearest ancestor that is written."""
        return self.text.line_of((*self.inside, *path))


class Unreadable(NamedTuple):
    """What is no manifest, although it should be one; ``line`` is None where no line is to blame."""

    file: str
    line: int | None
    message: str
