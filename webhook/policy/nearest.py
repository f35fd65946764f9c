"""The nearest of the names that could have been meant."""

from collections.abc import Iterable
from typing import Final

_SHORTEST_PART: Final = 3


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A question with the nearest of *known*, to be put after a complaint; empty where none is near."""
    near = nearest(given, known)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def nearest(given: str, known: Iterable[str]) -> list[str]:
    """Those of *known* that *given* is a part of, or else the three at most that are like it, best first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who mistypes waits for this import

    by_folded = {name.casefold(): name for name in known}
    folded = given.casefold()
    containing = [name for name in by_folded if folded in name] if len(given) >= _SHORTEST_PART else []
    return [by_folded[name] for name in containing or get_close_matches(folded, by_folded)]
