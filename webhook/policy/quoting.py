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


def go_quoted(text: str) -> str:
    """*text* in double quotes, with quotes, backslashes and unprintable characters escaped.

    Source: Go standard library, ``strconv.Quote``.
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    code = ord(character)
    if code in _NAMED:
        return _NAMED[code]
    if character.isprintable():
        return character
    if code < 0x20 or code == 0x7F:  # noqa: PLR2004 - the two ranges of ASCII control characters
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the basic plane's end
