"""JSON as Go takes it apart: values that know where they stand, with every key, be it there twice.

Source: Go 1.26, package encoding/json. Bounded: so many bytes, so many values; the depth is Go's own limit.
"""

import json
import re
from enum import Enum
from typing import Any, Final, NamedTuple

from webhook.seccomp.dialects import syntax
from webhook.seccomp.dialects.lines import lines_of
from webhook.seccomp.profile import Place, Unreadable

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_VALUES: Final = 1 << 18
"""A profile with a rule for each of the 4,096 instructions of a filter has a tenth of these."""
MAX_DEPTH: Final = 10_000
"""Source: Go, encoding/json, ``maxNestingDepth``."""


class Kind(Enum):
    """What a value is, by the word that Go has for it."""

    TEXT = "string"
    NUMBER = "number"
    BOOLEAN = "bool"
    NULL = "null"
    ARRAY = "array"
    OBJECT = "object"


class Member(NamedTuple):
    """A key of an object, where it stands, and its value."""

    key: str
    offset: int
    value: "Value"


class Value(NamedTuple):
    """A value and where it stands. ``content``: a str, the bytes of a number, a list of Value or Member."""

    kind: Kind
    content: Any
    offset: int


_SPACE = rb"[ \t\r\n]*+"
_SIMPLE = rb'"([^"\\\x00-\x1f\x80-\xff]*+)"'
_TEXT = rb'("[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")'
_NUMBER = rb"(-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+)(?![.eE0-9])"
_VALUE = re.compile(
    rb"(?:" + rb"|".join((_SIMPLE, _TEXT, _NUMBER, rb"([\[{])", rb"(true|false|null)")) + rb")" + _SPACE
)
_KEY = re.compile(rb"(?:" + _SIMPLE + rb"|" + _TEXT + rb")" + _SPACE + rb"(?:(:)" + _SPACE + rb")?+")
_BEHIND = re.compile(rb"([,\]}])" + _SPACE)
_SPACES = re.compile(_SPACE)
_SURROGATES = re.compile("[\ud800-\udfff]+")
_WORDS: Final = {b"true": Kind.BOOLEAN, b"false": Kind.BOOLEAN, b"null": Kind.NULL}


def values_of(text: bytes) -> Value:
    """The one value that *text* is. Raises Unreadable, with Go's words where it is no JSON."""
    if len(text) > MAX_BYTES:
        raise Unreadable(
            f"the file has {len(text):,} bytes, more than the {MAX_BYTES:,} that are read", _START
        )
    try:
        return _read(text)
    except _Stopped as stopped:
        problem, offset = stopped.args
        raise Unreadable(problem, Place(lines_of(text)(offset), "")) from None


def end_of(value: Value, text: bytes) -> int:
    """The offset behind *value*, which was read from *text*."""
    closing = []
    while value.kind is Kind.ARRAY or value.kind is Kind.OBJECT:
        closing.append(b"]" if value.kind is Kind.ARRAY else b"}")
        if not value.content:
            end = value.offset + 1
            break
        last = value.content[-1]
        value = last.value if isinstance(last, Member) else last
    else:
        found = _VALUE.match(text, value.offset)
        end = found.end(found.lastindex or 0) if found else value.offset
        end += found is not None and found.lastindex == 1
    for bracket in reversed(closing):
        end = text.index(bracket, end) + 1
    return end


_START: Final = Place(1, "")


class _Stopped(Exception):
    """Reading ended, with what to say and the offset."""


def _read(text: bytes) -> Value:  # noqa: C901, PLR0912, PLR0915 - one loop, no recursion: depth costs no stack
    match_value, match_key, match_behind = _VALUE.match, _KEY.match, _BEHIND.match
    open_ones: list[Value] = []  # what is begun and not ended, the innermost last
    top: list[Value] = []
    contents: list[Any] = top
    is_object = False
    count = 0
    found = _SPACES.match(text)
    at = found.end() if found else 0
    while True:
        # A value begins here; in an object, its key.
        key_at, key = at, ""
        if is_object:
            found = match_key(text, at)
            if found is None:
                raise _Stopped(*_broken_key(text, at))
            key = found[1].decode() if found[1] is not None else _unquoted(found[2])
            at = found.end()
            if found[3] is None:
                raise _Stopped(*syntax.invalid(text, at, "after object key"))
        found = match_value(text, at)
        if found is None:
            raise _Stopped(*syntax.broken_value(text, at, _after(open_ones)))
        count += 1
        if count > MAX_VALUES:
            raise _Stopped(f"the file has more than {MAX_VALUES:,} values, which is more than are read", at)
        which = found.lastindex
        if which == 1:
            value = Value(Kind.TEXT, found[1].decode(), at)
        elif which == 4:  # noqa: PLR2004 - the group of the brackets
            value = Value(Kind.OBJECT if found[4] == b"{" else Kind.ARRAY, [], at)
        elif which == 3:  # noqa: PLR2004 - the group of numbers
            value = Value(Kind.NUMBER, found[3], at)
        elif which == 2:  # noqa: PLR2004 - the group of texts with escapes or beyond ASCII
            value = Value(Kind.TEXT, _unquoted(found[2]), at)
        else:
            value = Value(_WORDS[found[5]], None, at)
        contents.append(Member(key, key_at, value) if is_object else value)
        at = found.end()
        if which == 4:  # noqa: PLR2004 - as above
            open_ones.append(value)
            if len(open_ones) > MAX_DEPTH:
                raise _Stopped(syntax.TOO_DEEP, value.offset)
            contents, is_object = value.content, value.kind is Kind.OBJECT
            if text[at : at + 1] != (b"}" if is_object else b"]"):
                continue
        # A value has ended, or an empty object or array is about to.
        while open_ones:
            found = match_behind(text, at)
            byte = found[1] if found is not None else b""
            if found is None or byte not in ((b",", b"}") if is_object else (b",", b"]")):
                raise _Stopped(*syntax.invalid(text, at, _after(open_ones)))
            at = found.end()
            if byte == b",":
                break
            open_ones.pop()
            contents, is_object = (
                (open_ones[-1].content, open_ones[-1].kind is Kind.OBJECT) if open_ones else (top, False)
            )
        if not open_ones:
            if at < len(text):
                raise _Stopped(*syntax.invalid(text, at, "after top-level value"))
            return top[0]


def _after(open_ones: list[Value]) -> str:
    """What Go calls the place after a value."""
    if not open_ones:
        return "after top-level value"
    return "after object key:value pair" if open_ones[-1].kind is Kind.OBJECT else "after array element"


def _broken_key(text: bytes, at: int) -> tuple[str, int]:
    if text[at : at + 1] == b'"':
        return syntax.broken_text(text, at)
    return syntax.invalid(text, at, "looking for beginning of object key string")


def _unquoted(token: bytes) -> str:
    """The text of a token. As in Go, each byte that is no UTF-8, and half of a pair, becomes U+FFFD."""
    text: str = json.loads(token.decode(errors="surrogateescape"))
    return _SURROGATES.sub(lambda run: "\ufffd" * len(run[0]), text)
