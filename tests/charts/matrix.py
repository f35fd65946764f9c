"""The renderings that are looked at: the profiles, every option alone, and every two options together."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import yaml

from tests.charts.helm import CHART, Manifest

FACTORS: Final[dict[str, list[Manifest]]] = yaml.safe_load(
    Path(__file__).with_name("options.yaml").read_text()
)

Row = dict[str, int]
"""For each factor which of its alternatives is taken; those that are not in it have the default."""


def renderings() -> Iterator[tuple[str, Manifest]]:
    """Names and values."""
    yield "default", {}
    for profile in sorted((CHART / "profiles").glob("*.yaml")):
        yield f"profile {profile.stem}", yaml.safe_load(profile.read_text())
    for factor, alternatives in FACTORS.items():
        for index in range(len(alternatives)):
            yield f"{factor} {index}", values_of({factor: index})
    for index, row in enumerate(pairwise()):
        yield f"pairs {index}", values_of(row)


def values_of(row: Row) -> Manifest:
    """The values that *row* comes to."""
    merged: Manifest = {}
    for factor, index in row.items():
        _merge(merged, FACTORS[factor][index])
    return merged


def pairwise() -> list[Row]:
    """Few rows in which any two alternatives of different factors are together, and each is also away."""
    still = {
        frozenset({(one, first), (other, second)})
        for one, other in combinations(FACTORS, 2)
        for first in range(-1, len(FACTORS[one]))
        for second in range(-1, len(FACTORS[other]))
    }
    rows = []
    while still:
        row: Row = {}
        for factor, alternatives in FACTORS.items():
            gains = {index: _gain((factor, index), row, still) for index in range(-1, len(alternatives))}
            row[factor] = max(gains, key=gains.__getitem__)
        covered = {frozenset(pair) for pair in combinations(row.items(), 2)}
        assert covered & still
        still -= covered
        rows.append({factor: index for factor, index in row.items() if index >= 0})
    return rows


def _gain(choice: tuple[str, int], row: Row, still: set[frozenset[tuple[str, int]]]) -> tuple[int, int]:
    """How many pairs *choice* completes in *row*, and how many of it are left."""
    new = {frozenset({choice, each}) for each in row.items()}
    return len(new & still), sum(choice in pair for pair in still)


def _merge(into: dict[str, Any], more: Manifest) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value.copy() if isinstance(value, dict) else value
