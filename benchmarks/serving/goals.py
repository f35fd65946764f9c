"""What is promised of the shipped server beside the reference, and what of it does not hold."""

from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.serving.load import Figures
from benchmarks.serving.table import REFERENCE, Found, middle, middle_ratio

SHIPPED: Final = "shipped"

_AT_MOST: Final = {"cpu_us": 0.8, "p50": 1.0, "p95": 1.0, "p99": 1.0}
"""Shares of the reference's figures."""
_PER_SECOND: Final = 1.2
_MIB: Final = 100
_MANY: Final = 200
"""Connections at which memory is looked at."""


def missed(found: Found) -> list[str]:
    """What does not hold, a sentence each; that nothing was compared is one of them."""
    said = []
    compared = 0
    for scenario, rounds in found.items():
        ours, theirs = rounds.get(SHIPPED, ()), rounds.get(REFERENCE, ())
        if not (ours and theirs):
            continue
        compared += 1
        # At a constant rate both answer what they are asked.
        said += [f"{scenario.name}: {each}" for each in _missed(ours, theirs, is_closed=not scenario.rate)]
        if scenario.connections >= _MANY and not (held := middle(ours, "mib")) <= _MIB:
            said.append(f"{scenario.name}: {held:.0f} MiB resident, more than {_MIB}")
    if not compared:
        said.append(f"nothing was compared: {SHIPPED} and {REFERENCE} must both run")
    return said


def _missed(ours: Sequence[Figures], theirs: Sequence[Figures], *, is_closed: bool) -> Iterator[str]:
    if failed := sum(each.failed for each in ours):
        yield f"{failed} requests failed"
    for field, most in _AT_MOST.items():
        # What is no number holds for nothing.
        if not (ratio := middle_ratio(ours, theirs, field)) <= most:
            yield f"{field} is {ratio:.2f} of the reference's, more than {most}"
    if is_closed and not (ratio := middle_ratio(ours, theirs, "per_second")) >= _PER_SECOND:
        yield f"requests/s are {ratio:.2f} of the reference's, less than {_PER_SECOND}"
