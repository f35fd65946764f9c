"""The nearest of the names that could have been meant."""

from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """A question with the nearest of *known*, to be put after a complaint; empty where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only who mistypes waits for this import

    by_folded = {name.casefold(): name for name in known}
    near = [by_folded[name] for name in get_close_matches(given.casefold(), by_folded)]
    return f"; did you mean {' or '.join(near)}?" if near else ""
