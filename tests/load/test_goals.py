"""What ``make bench-server BENCH_ARGS=--check`` holds the shipped server to."""

from typing import Any

import pytest

from benchmarks.serving.goals import missed
from benchmarks.serving.ground import SAMPLES
from benchmarks.serving.load import Figures
from benchmarks.serving.scenario import Scenario
from benchmarks.serving.table import tables

THEIRS = {
    "requests": 1000, "per_second": 1000.0, "cpu_us": 100.0, "busy": 1.0, "others": 0.0,
    "p50": 10.0, "p95": 10.0, "p99": 10.0, "max": 10.0, "mib": 70.0, "mib_together": 70.0, "errors": {},
}  # fmt: skip
OURS = THEIRS | {"per_second": 1200.0, "cpu_us": 80.0, "mib": 100.0}


def found(connections: int = 200, rate: int = 0, **ours: Any) -> dict[Scenario, Any]:  # noqa: ANN401 - any figure
    scenario = Scenario(SAMPLES["passing"], connections, rate)
    return {scenario: {"shipped": [Figures(**(OURS | ours))], "reference": [Figures(**THEIRS)]}}


def test_what_is_promised_is_enough() -> None:
    assert missed(found()) == []


@pytest.mark.parametrize(
    ("figure", "value", "said"),
    [
        ("cpu_us", 81.0, "cpu_us is 0.81 of the reference's, more than 0.8"),
        ("per_second", 1190.0, "requests/s are 1.19 of the reference's, less than 1.2"),
        ("p50", 10.1, "p50 is 1.01 of the reference's, more than 1.0"),
        ("p95", 10.1, "p95 is 1.01 of the reference's, more than 1.0"),
        ("p99", float("nan"), "p99 is nan of the reference's, more than 1.0"),
        ("mib", 101.0, "101 MiB resident, more than 100"),
        ("errors", {"closed": 2}, "2 requests failed"),
    ],
)
def test_what_does_not_hold_is_told(figure: str, value: object, said: str) -> None:
    assert missed(found(**{figure: value})) == [f"passing, 200 connections, closed loop: {said}"]


def test_memory_counts_at_many_connections_and_speed_where_nothing_sets_the_pace() -> None:
    assert missed(found(connections=16, mib=101.0)) == []
    assert missed(found(rate=500, per_second=1000.0)) == []


def test_nothing_to_compare_is_no_success() -> None:
    assert missed({}) == ["nothing was compared: shipped and reference must both run"]


def test_the_table_has_the_ratio_of_every_latency() -> None:
    _, head, row, *_ = tables(found(p50=5.0, p95=2.5, p99=1.0)).splitlines()

    assert head.count("÷ Go") == 5
    assert all(f" {ratio} " in row for ratio in ("1.20", "0.80", "0.50", "0.25", "0.10"))
