"""Text from manifests and file names, made safe to show.

A name may hold anything: codes that move the cursor or change the title of the terminal, letters that
turn the direction of writing, bytes that are no UTF-8. None of it may reach a terminal or break a report.
"""

from collections.abc import Callable


def printable(text: str) -> str:
    r"""*text* with all that does not print written as ``\n``, ``\x1b``, ``\u202e``; bytes as ``\xff``."""
    return text if text.isprintable() else "".join([_shown(each, _escaped) for each in text])


def json_printable(encoded: str) -> str:
    """JSON of one line, with every character that does not print written as JSON's escape of it."""
    return encoded if encoded.isprintable() else "".join([_shown(each, _json_escaped) for each in encoded])


def without_surrogates(text: str) -> str:
    r"""*text* as UTF-8 can hold it: bytes of a file name as ``\xff``, half of a pair as U+FFFD."""
    return "".join([_undecoded(each) or each for each in text])


def _shown(character: str, escaped: Callable[[str], str]) -> str:
    return character if character.isprintable() else escaped(character)


def _escaped(character: str) -> str:
    return _undecoded(character) or character.encode("unicode_escape").decode("ascii")


def _json_escaped(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join([f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)])


def _undecoded(character: str) -> str:
    """What a surrogate stands for: Python keeps a byte that is no UTF-8 as U+DC80 to U+DCFF."""
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # noqa: PLR2004 - the range of PEP 383
        return f"\\x{number - 0xDC00:02x}"
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= number <= 0xDFFF else ""  # noqa: PLR2004 - Unicode's surrogates
