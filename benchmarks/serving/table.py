"""Figures as tables: the median of the rounds, the least and the most, and the ratio to the reference."""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks.serving.load import Figures
from benchmarks.serving.scenario import Scenario

REFERENCE: Final = "reference"
Found = Mapping[Scenario, Mapping[str, Sequence[Figures]]]

_HEAD: Final = (
    f"{'':24}{'requests/s':>22} {'÷ Go':>5}{'CPU µs':>18} {'÷ Go':>5}"
    f"{'p50 ms':>9} {'÷ Go':>5}{'p95':>8} {'÷ Go':>5}"
    f"{'p99':>22} {'÷ Go':>5}{'max':>9}{'core':>6}{'others':>7}{'MiB':>6}{'all':>6}{'failed':>7}"
)


def tables(found: Found) -> str:
    """A table for each scenario."""
    return "\n\n".join(_table(scenario, rounds) for scenario, rounds in found.items() if rounds)


def _table(scenario: Scenario, rounds: Mapping[str, Sequence[Figures]]) -> str:
    beside = rounds.get(REFERENCE, ())
    rows = [_row(name, figures, beside) for name, figures in rounds.items() if figures]
    return "\n".join([f"## {scenario.name}", _HEAD, *rows])


def _row(name: str, figures: Sequence[Figures], reference: Sequence[Figures]) -> str:
    def ratio(field: str) -> str:
        return f"{middle_ratio(figures, reference, field):5.2f}" if reference else f"{'':5}"

    return (
        f"{name:24}{_span(figures, 'per_second', 0):>22} {ratio('per_second')}"
        f"{_span(figures, 'cpu_us', 0):>18} {ratio('cpu_us')}"
        f"{middle(figures, 'p50'):9.2f} {ratio('p50')}{middle(figures, 'p95'):8.2f} {ratio('p95')}"
        f"{_span(figures, 'p99', 1):>22} {ratio('p99')}{middle(figures, 'max'):9.1f}"
        f"{middle(figures, 'busy'):6.2f}{middle(figures, 'others'):7.2f}"
        f"{middle(figures, 'mib'):6.0f}{middle(figures, 'mib_together'):6.0f}"
        f"{sum(each.failed for each in figures):7}"
    )


def middle(figures: Sequence[Figures], field: str) -> float:
    """The median over rounds, NaN where there are none."""
    values = [float(getattr(each, field)) for each in figures]
    return median(values) if values else math.nan


def middle_ratio(figures: Sequence[Figures], reference: Sequence[Figures], field: str) -> float:
    """The median of the ratios of rounds, which were measured within seconds of each other.

    What else the machine did meanwhile befell both. Where a round failed for one of them, the ratio of the
    medians.
    """
    if len(figures) != len(reference):
        return middle(figures, field) / middle(reference, field)
    pairs = zip(figures, reference, strict=True)
    return median(float(getattr(ours, field)) / float(getattr(theirs, field)) for ours, theirs in pairs)


def _span(figures: Sequence[Figures], field: str, digits: int) -> str:
    values = [float(getattr(each, field)) for each in figures]
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"
