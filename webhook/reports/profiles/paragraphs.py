"""Long lists of names, in lines that a terminal shows."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from webhook.reports.printable import printable

_WIDTH: Final = 110
_SHOWN: Final = 12


def wrapped(text: str, indent: int) -> Iterator[str]:
    """*text* in lines, safe to show; those after the first are indented more."""
    yield from wrap(
        printable(text),
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )


def first_of(names: Sequence[str]) -> str:
    """The first of *names*, and how many there are besides: the report in JSON has all."""
    rest = f", and {len(names) - _SHOWN} more (-o json has all)" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"
