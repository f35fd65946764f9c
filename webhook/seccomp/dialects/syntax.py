r"""What Go's JSON scanner says of a text that is no JSON, in its words.

Source: Go 1.26, package encoding/json, ``scanner.go``. The scanner looks at one byte after the other; here
only the token where reading stopped is looked at again. A text that ends too early is told apart as Go does:
by what the scanner would say to a space.
"""

import re
from typing import Final

from webhook.seccomp.dialects.go_quoted import go_quoted

END: Final = "unexpected end of JSON input"
TOO_DEEP: Final = "exceeded max depth"

_GOOD_START_OF_TEXT = re.compile(
    rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+', re.DOTALL
)
_HEXADECIMAL = frozenset(b"0123456789abcdefABCDEF")
_DIGITS = frozenset(b"0123456789")
_LITERALS: Final = {ord(word[0]): word.encode() for word in ("true", "false", "null")}
_NUMBER_STEPS: Final = (
    (re.compile(rb"-(?!\d)"), "in numeric literal"),
    (re.compile(rb"-?(?:0|[1-9]\d*)\.(?!\d)"), "after decimal point in numeric literal"),
    (
        re.compile(rb"-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?+(?!\d)"),
        "in exponent of numeric literal",
    ),
)
_NUMBER = re.compile(rb"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")


def quoted(byte: int) -> str:
    """The byte as Go shows it in its messages: as the character of that number, between single quotes."""
    if byte == ord("'"):
        return r"'\''"
    return "'\"'" if byte == ord('"') else f"'{go_quoted(chr(byte))[1:-1]}'"


def invalid(text: bytes, offset: int, context: str) -> tuple[str, int]:
    """What is said of the byte at *offset*, or of the end of the text, and where it is said."""
    if offset >= len(text):
        return END, len(text)
    return f"invalid character {quoted(text[offset])} {context}", offset


def broken_value(text: bytes, start: int, after: str) -> tuple[str, int]:
    """What is wrong with the value that should begin at *start*, and where; *after* is what follows it."""
    first = text[start : start + 1]
    if first == b'"':
        return broken_text(text, start)
    if first and first[0] in _LITERALS:
        return _broken_literal(text, start, _LITERALS[first[0]])
    if first and (first == b"-" or first[0] in _DIGITS):
        for step, context in _NUMBER_STEPS:
            if found := step.match(text, start):
                return _unfinished(text, found.end(), context)
        found = _NUMBER.match(text, start)
        return invalid(text, found.end() if found else start, after)
    return invalid(text, start, "looking for beginning of value")


def broken_text(text: bytes, start: int) -> tuple[str, int]:
    """What is wrong with the string that begins at *start*, and where."""
    found = _GOOD_START_OF_TEXT.match(text, start)
    offset = found.end() if found else start
    if text[offset : offset + 1] != b"\\":
        return invalid(text, offset, "in string literal")
    if text[offset + 1 : offset + 2] != b"u":
        return _unfinished(text, offset + 1, "in string escape code")
    offset += 2
    while offset < len(text) and text[offset] in _HEXADECIMAL:
        offset += 1
    return _unfinished(text, offset, r"in \u hexadecimal character escape")


def _broken_literal(text: bytes, start: int, word: bytes) -> tuple[str, int]:
    length = 1
    while text[start + length : start + length + 1] == word[length : length + 1]:
        length += 1
    expecting = chr(word[length])
    return _unfinished(text, start + length, f"in literal {word.decode()} (expecting '{expecting}')")


def _unfinished(text: bytes, offset: int, context: str) -> tuple[str, int]:
    """As ``invalid``, inside a token: at its end Go tries a space, which fits into no token."""
    if offset >= len(text):
        return f"invalid character ' ' {context}", len(text)
    return invalid(text, offset, context)
