"""Texts as Go quotes them in its messages."""


def go_quoted(text: str) -> str:
    r"""The text as ``strconv.Quote`` writes it: what cannot be printed as ``\n``, ``\x00`` or ``\u200b``."""
    return f'"{"".join(map(_escaped, text))}"'


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
