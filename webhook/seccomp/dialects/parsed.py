"""Objects that somebody else has parsed, of YAML perhaps, as values that know their line."""

from collections.abc import Callable, Mapping
from typing import Any

from webhook.seccomp.dialects.text import MAX_VALUES, Kind, Member, Value
from webhook.seccomp.profile import Place, Unreadable

MAX_DEPTH = 64
"""No value of a SeccompProfile lies deeper than eight; the rest of an object is not looked at."""


def value_of(parsed: Any, line_at: Callable[[str], int]) -> Value:  # noqa: ANN401 - any JSON
    """*parsed* with the line of each value where texts have their offset. Raises Unreadable."""
    return _Parsed(line_at).value(parsed, "", 0)


class _Parsed:
    def __init__(self, line_at: Callable[[str], int]) -> None:
        self._line_at = line_at
        self._count = 0

    def value(self, parsed: Any, path: str, depth: int) -> Value:  # noqa: ANN401 - any JSON
        line = self._line_at(path)
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_VALUES:
            raise Unreadable("the object is too deep, or has too many values", Place(line, path))
        if isinstance(parsed, Mapping):
            return Value(
                Kind.OBJECT, [self._member(key, each, path, depth) for key, each in parsed.items()], line
            )
        if isinstance(parsed, list | tuple):
            elements = [self.value(each, f"{path}[{index}]", depth + 1) for index, each in enumerate(parsed)]
            return Value(Kind.ARRAY, elements, line)
        return _scalar(parsed, Place(line, path))

    def _member(self, key: object, parsed: Any, path: str, depth: int) -> Member:  # noqa: ANN401 - any JSON
        if not isinstance(key, str):
            raise Unreadable(f"the key {key!r} is no text", Place(self._line_at(path), path))
        below = f"{path}.{key}" if path else key
        return Member(key, self._line_at(below), self.value(parsed, below, depth + 1))


def _scalar(parsed: object, place: Place) -> Value:
    if parsed is None:
        return Value(Kind.NULL, None, place.line)
    if isinstance(parsed, bool):
        return Value(Kind.BOOLEAN, None, place.line)
    if isinstance(parsed, int) and abs(parsed) < 1 << 64:
        return Value(Kind.NUMBER, str(parsed).encode(), place.line)
    if isinstance(parsed, int | float):
        return Value(
            Kind.NUMBER, repr(float(parsed)).encode() if abs(parsed) < 1 << 1000 else b"1e999", place.line
        )
    if isinstance(parsed, str):
        return Value(Kind.TEXT, parsed, place.line)
    raise Unreadable(f"{type(parsed).__name__} is no type of JSON", place)
