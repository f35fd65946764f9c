"""Where the parts of a JSON text are written."""

import json
import re
from typing import Final

from webhook.manifests.malformed import Malformed
from webhook.manifests.places import Place, Places

STRING: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN: Final = re.compile(rf"({STRING})|([\[{{\]}},:\n])|[^\s\[{{\]}},:\"]++", re.DOTALL)


def place_of(text: str, begin: int = 0, line: int = 1) -> Place:
    """The place of the JSON value that begins at *begin* of *text*, in *line*.

    Raises Malformed for an object that has one key twice; whether it is JSON otherwise is not looked at.
    """
    walk = _Walk(line)
    for token in _TOKEN.finditer(text, begin):
        string, mark = token.groups()
        if mark is None:
            walk.scalar(string)
        elif mark == "\n":
            walk.line += 1
        elif mark in "[{":
            walk.open(is_object=mark == "{")
        elif mark == ",":
            walk.go_on()
        elif mark in "]}":
            walk.close()
        if walk.is_done:
            break
    return walk.place


class _Walk:
    """A JSON value that is being walked through; ``step`` is the next index, or the last key, if any."""

    def __init__(self, line: int) -> None:
        self.line = line
        self._is_object = False
        self._inside: Places = {}
        self._step: int | str | None = 0
        self._line_of_key = line
        self._around: list[tuple[bool, Places, int | str | None]] = []
        self._root = self._inside

    @property
    def is_done(self) -> bool:
        """Whether the value is at its end."""
        return not self._around and bool(self._root)

    @property
    def place(self) -> Place:
        """The place of the value."""
        return self._root[0]

    def scalar(self, string: str | None) -> None:
        """A key or a value comes; *string* is None for what is no text."""
        if not self._is_object or self._step is not None or string is None:
            self._put(None)
            return
        key = json.loads(string)
        if key in self._inside:
            raise Malformed(self.line, f'the key "{key}" is already set in line {self._inside[key].line}')
        self._step, self._line_of_key = key, self.line

    def open(self, *, is_object: bool) -> None:
        """An object or an array begins."""
        inside: Places = {}
        self._put(inside)
        self._around.append((self._is_object, self._inside, self._step))
        self._is_object, self._inside, self._step = is_object, inside, None if is_object else 0

    def close(self) -> None:
        """An object or an array ends."""
        self._is_object, self._inside, self._step = self._around.pop()

    def go_on(self) -> None:
        """Another member follows."""
        self._step = self._step + 1 if isinstance(self._step, int) else None

    def _put(self, inside: Places | None) -> None:
        if self._step is not None:
            self._inside[self._step] = Place(self._line_of_key if self._is_object else self.line, inside)
