"""Lines as editors count them."""

from bisect import bisect_left
from typing import Final, Protocol

# To YAML these end a line, to editors and compilers they do not.
_LINE_BREAKS_OF_YAML: Final = ("\r", "\x85", "\u2028", "\u2029")


class Mark(Protocol):
    """A place in a text, as PyYAML gives it: both count from 0."""

    @property
    def line(self) -> int:
        """The line, as YAML counts lines."""

    @property
    def index(self) -> int:
        """The character."""


class Lines:
    """The lines of a text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] | None = None
        if any(each in text for each in _LINE_BREAKS_OF_YAML):
            self._ends = [place for place, each in enumerate(text) if each == "\n"]

    def at(self, mark: Mark) -> int:
        """The line of *mark*."""
        return mark.line + 1 if self._ends is None else bisect_left(self._ends, mark.index) + 1

    def last(self) -> int:
        """The last line that holds anything."""
        return self._text.count("\n", 0, len(self._text.rstrip())) + 1

    def written(self, line: int) -> str:
        """What stands in *line*."""
        return self._text.split("\n", line)[line - 1]
