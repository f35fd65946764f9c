"""One line of plain block YAML, taken apart."""

import json
import re
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from webhook.manifests.plain_blocks import Style
from webhook.manifests.plain_text import NotPlain, is_plain_text
from webhook.manifests.scalars import Scalar, UnfitScalar, key_of, plain, value_of


class Kind(IntEnum):
    """What a line holds after its key or its dash."""

    VALUE = 0  # a scalar
    COPY = 1  # a list or a mapping in brackets; every document needs one of its own
    NOTHING = 2  # the value, if any, is in the lines below
    BLOCK = 3  # the value is the text in the lines below
    SKIP = 4  # the line is empty, or a comment


class Line(NamedTuple):
    """A line such as ``  - key: value``.

    ``indent`` is the column of its first character, ``inner`` the column after the dash, or None without
    a dash; ``key`` is None in an item that is no mapping.
    """

    kind: Kind
    indent: int
    inner: int | None
    key: str | None
    value: Any


_END: Final = r" *(?: #.*)?"
_BARE: Final = r"[A-Za-z0-9_./][A-Za-z0-9_./=+-]*+"
_BARE_KEY: Final = r"[A-Za-z0-9_/][A-Za-z0-9_./-]*+"
_QUOTED: Final = r"(?:\"[^\"\\]*+\"|'[^']*+')"
_WORD: Final = rf"(?:{_QUOTED}|{_BARE})"
_PAIR: Final = rf"{_BARE_KEY}: +{_WORD}"

_EMPTY: Final = re.compile(r" *(?:#.*)?")
_LINE: Final = re.compile(
    rf"( *)(?:-( +))?(?:({_BARE_KEY}|\.[A-Za-z][A-Za-z0-9_./-]*+|{_QUOTED}):(?: +|$))?(.*)"
)
_SINGLE_QUOTED: Final = re.compile(rf"'([^']*+(?:''[^']*+)*+)'{_END}")
# Of the escapes those that mean in JSON what they mean in YAML.
_DOUBLE_QUOTED: Final = re.compile(rf"(\"[^\"\\]*+(?:\\[\"\\nrt][^\"\\]*+)*+\"){_END}")
_BLOCK: Final = re.compile(rf"([|>])([-+]?){_END}")
_LIST: Final = re.compile(rf"\[ *(?:({_WORD}(?: *, *{_WORD})*+) *)?\]{_END}")
_MAPPING: Final = re.compile(rf"\{{ *(?:({_PAIR}(?: *, *{_PAIR})*+) *)?\}}{_END}")
_WORDS: Final = re.compile(_WORD)
_PAIRS: Final = re.compile(rf"({_BARE_KEY}): +({_WORD})")
_PLAIN_SCALAR: Final = re.compile(r"(?:[^ \-?:,\[\]{}#&*!|>'\"%@`]|-[^ ]).*")
# A key must end within 1,024 characters to be one.
_LONGEST_KEY: Final = 200
_NOTHING_OR_COMMENT: Final = frozenset({"", "#"})
_SPECIAL: Final = _NOTHING_OR_COMMENT | frozenset("\"'|>[{")


def taken_apart_once(line: str) -> Line:
    """The parts of *line*. Raises NotPlain when they depend on more than this line, or are not plain."""
    found = _LINE.fullmatch(line)
    if found is None or not is_plain_text(line):
        raise NotPlain
    spaces, after_dash, key, rest = found.groups()
    indent = len(spaces)
    inner = None if after_dash is None else indent + 1 + len(after_dash)
    if key is None:
        if rest[:1] in _NOTHING_OR_COMMENT and inner is None:
            return Line(Kind.SKIP, 0, None, None, None)
        if inner is None:
            raise NotPlain
    else:
        key = _key(key)
    kind, value = _value(rest)
    if kind is Kind.NOTHING and key is None:
        raise NotPlain
    return Line(kind, indent, inner, key, value)


taken_apart: Final = lru_cache(maxsize=4096)(taken_apart_once)
"""The same, remembered."""


def _key(written: str) -> str:
    if len(written) > _LONGEST_KEY:
        raise NotPlain
    if written[0] in "\"'":
        return written[1:-1]
    try:
        return key_of(plain(written))
    except UnfitScalar as error:
        raise NotPlain from error


def _value(written: str) -> tuple[Kind, Any]:
    first = written[:1]
    if first not in _SPECIAL:
        return Kind.VALUE, _plain_scalar(written)
    if first in _NOTHING_OR_COMMENT:
        return Kind.NOTHING, None
    if first == '"' and (found := _DOUBLE_QUOTED.fullmatch(written)):
        return Kind.VALUE, json.loads(found[1]) if "\\" in found[1] else found[1][1:-1]
    if first == "'" and (found := _SINGLE_QUOTED.fullmatch(written)):
        return Kind.VALUE, found[1].replace("''", "'")
    if first in "|>" and (found := _BLOCK.fullmatch(written)):
        return Kind.BLOCK, Style(found[1] == ">", found[2])
    return Kind.COPY, _in_brackets(written)


def _in_brackets(written: str) -> list[Scalar] | dict[str, Scalar]:
    if found := _LIST.fullmatch(written):
        return [_word(each) for each in _WORDS.findall(found[1] or "")]
    if found := _MAPPING.fullmatch(written):
        return _mapping(_PAIRS.findall(found[1] or ""))
    raise NotPlain


def _mapping(pairs: list[tuple[str, str]]) -> dict[str, Scalar]:
    mapping = {_key(key): _word(word) for key, word in pairs}
    if len(mapping) < len(pairs):
        raise NotPlain
    return mapping


def _word(written: str) -> Scalar:
    return written[1:-1] if written[0] in "\"'" else _meaning(written)


def _plain_scalar(written: str) -> Scalar:
    text = written.partition(" #")[0].rstrip(" ")
    if not _PLAIN_SCALAR.fullmatch(text) or ": " in text or text.endswith(":"):
        raise NotPlain
    return _meaning(text)


def _meaning(text: str) -> Scalar:
    try:
        return value_of(plain(text))
    except UnfitScalar as error:
        raise NotPlain from error


def is_empty(line: str) -> bool:
    """Whether *line* holds nothing but spaces and a comment."""
    return _EMPTY.fullmatch(line) is not None and is_plain_text(line)
