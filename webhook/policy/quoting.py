"""Quoting of text as Go's ``%q`` writes it: Kubernetes' messages are full of it."""

from typing import Final

_NAMED: Final = {
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    7: "\\a",
    8: "\\b",
    9: "\\t",
    10: "\\n",
    11: "\\v",
    12: "\\f",
    13: "\\r",
}
_SPACE: Final = 0x20
_DELETE: Final = 0x7F
_LAST_OF_BASIC_PLANE: Final = 0xFFFF


def go_quoted(text: str) -> str:
    """*text* in double quotes, with quotes, backslashes and unprintable characters escaped.

    Source: Go standard library, ``strconv.Quote``.
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{text.translate(_ESCAPES)}"'


class _Escapes(dict[int, str]):
    """What stands for a character; only of ASCII is it remembered, as texts may hold anything."""

    def __missing__(self, code: int) -> str:
        return _escaped(code)


def _escaped(code: int) -> str:
    character = chr(code)
    if character.isprintable():
        return character
    if code < _SPACE or code == _DELETE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_OF_BASIC_PLANE else f"\\U{code:08x}"


_ESCAPES: Final = _Escapes({**{code: _escaped(code) for code in range(_DELETE + 1)}, **_NAMED})
