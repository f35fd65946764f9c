"""Values of an object as the API server checks them against the schema of its kind.

Source: Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions", sections
"Validation" and "Field pruning". What is of a wrong type or out of bounds is refused; keys that the schema
does not know are dropped; of a key that stands twice the last one counts.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

from webhook.seccomp.dialects.go_quoted import shown
from webhook.seccomp.dialects.go_types import folded
from webhook.seccomp.dialects.lines import LineOf
from webhook.seccomp.dialects.shapes import KNOWN
from webhook.seccomp.dialects.text import Kind, Member, Value
from webhook.seccomp.profile import Lost, Place, Remark, Unreadable

_TYPES: Final = {
    Kind.TEXT: "string", Kind.BOOLEAN: "boolean", Kind.NULL: "null", Kind.ARRAY: "array",
    Kind.OBJECT: "object",
}  # fmt: skip
_INTEGER = re.compile(rb"-?[0-9]{1,20}")
_MAX_DIGITS: Final = 40
_EXACT_IN_FLOATS: Final = 1 << 53


class Checks:
    """The checks of one object; ``remarks`` is what its text says and the API server drops."""

    def __init__(self, line_of: LineOf) -> None:
        self.remarks: list[Remark] = []
        self._line_of = line_of

    def place(self, offset: int, path: str) -> Place:
        """The place of what stands at *offset*."""
        return Place(self._line_of(offset), path)

    def refused(self, value: Value, path: str, why: str) -> Unreadable:
        """What to raise for *value*."""
        return Unreadable(f"{path}: {why}", self.place(value.offset, path))

    def members(self, value: Value, path: str, known: Collection[str], where: str) -> dict[str, Member]:
        """The members of the object *value* that are *known*; *where* says which object it is to others."""
        self._is(value, Kind.OBJECT, path)
        found: dict[str, Member] = {}
        for member in value.content:
            if member.key not in known:
                is_foreign = folded(member.key) in KNOWN.get(where, ())
                self.remark(member, path, Lost.FOREIGN if is_foreign else Lost.UNKNOWN)
                continue
            if member.key in found:
                self.remark(found[member.key], path, Lost.DUPLICATE)
            found[member.key] = member
        return found

    def remark(self, member: Member, path: str, lost: Lost) -> None:
        """Note that *member* of the object at *path* is lost."""
        key = shown(member.key)
        place = self.place(member.offset, f"{path}.{key}" if path else key)
        self.remarks.append(Remark(place, lost, key))

    def text(self, value: Value, path: str, supported: Collection[str] = ()) -> str:
        """The text that *value* is, one of those *supported* where there are any."""
        self._is(value, Kind.TEXT, path)
        text: str = value.content
        if supported and text not in supported:
            names = ", ".join(f'"{each}"' for each in sorted(supported))
            raise self.refused(value, path, f'Unsupported value: "{shown(text)}": supported values: {names}')
        return text

    def texts(self, value: Value, path: str, supported: Collection[str] = ()) -> tuple[str, ...]:
        """The texts in *value*, none of which may stand twice."""
        texts: dict[str, None] = {}
        for each, below in self.items(value, path):
            text = self.text(each, below, supported)
            if text in texts:
                raise self.refused(each, below, f'Duplicate value: "{shown(text)}"')
            texts[text] = None
        return tuple(texts)

    def items(self, value: Value, path: str) -> Iterator[tuple[Value, str]]:
        """The elements of *value*, with their paths."""
        self._is(value, Kind.ARRAY, path)
        return ((each, f"{path}[{index}]") for index, each in enumerate(value.content))

    def integer(self, value: Value, path: str, most: int) -> int:
        """The number that *value* is, from 0 to *most*. As in JSON Schema, 1.0 is an integer."""
        self._is(value, Kind.NUMBER, path)
        number = _integer(value.content)
        if number is None:
            raise self.refused(value, path, _wrong_type(path, "integer", "number"))
        if number < 0:
            why = f"Invalid value: {number}: {path} in body should be greater than or equal to 0"
            raise self.refused(value, path, why)
        if number > most:
            why = f"Invalid value: {number}: {path} in body should be less than or equal to {most}"
            raise self.refused(value, path, why)
        return number

    def _is(self, value: Value, kind: Kind, path: str) -> None:
        if value.kind is not kind:
            wanted = _TYPES.get(kind, "integer")
            given = _TYPES.get(value.kind) or ("integer" if _INTEGER.fullmatch(value.content) else "number")
            raise self.refused(value, path or "<root>", _wrong_type(path or "<root>", wanted, given))


def _wrong_type(path: str, wanted: str, given: str) -> str:
    return f'Invalid value: "{given}": {path} in body must be of type {wanted}: "{given}"'


def _integer(digits: bytes) -> int | None:
    if _INTEGER.fullmatch(digits):
        return int(digits)
    number = float(digits) if len(digits) <= _MAX_DIGITS else float("inf")
    return int(number) if abs(number) <= _EXACT_IN_FLOATS and number.is_integer() else None
