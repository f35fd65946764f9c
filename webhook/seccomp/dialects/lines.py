"""The lines of a text."""

from collections.abc import Callable
from typing import Final

LineOf = Callable[[int], int]

_BLOCK: Final = 4096


def lines_of(text: bytes) -> LineOf:
    """A function from an offset in *text* to its line, from 1 on.

    What is kept is one number for each block, not each line: a hostile text can be nothing but lines.
    """
    before = [1]
    for start in range(0, len(text), _BLOCK):
        before.append(before[-1] + text.count(b"\n", start, start + _BLOCK))

    def line_of(offset: int) -> int:
        block = offset // _BLOCK
        return before[block] + text.count(b"\n", block * _BLOCK, offset)

    return line_of
