"""Texts as Go quotes them in its messages."""

from typing import Final

MAX_SHOWN: Final = 1024


def shown(text: str) -> str:
    """As much of *text* as a message shows. Go would show it all, and it may be the whole of a large file."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def go_quoted(text: str) -> str:
    r"""The text as ``strconv.Quote`` writes it: what cannot be printed as ``\n``, ``\x00`` or ``\u200b``."""
    return f'"{"".join(map(_escaped, shown(text)))}"'


_SHORT = {'"': r"\"", "\\": r"\\", "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r",
          "\t": r"\t", "\v": r"\v"}  # fmt: skip


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    number = ord(character)
    if number < 0x80:  # noqa: PLR2004 - ASCII
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004 - what fits into four digits
