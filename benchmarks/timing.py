"""CPU time of a call: the best of several rounds, because machines are shared."""

from collections.abc import Callable
from time import process_time


def cpu_microseconds(call: Callable[[], object], *, rounds: int = 9, seconds: float = 0.15) -> float:
    """The CPU time of one *call* in microseconds: the best of *rounds*, each about *seconds* long."""
    calls = 1
    while _seconds(call, calls) < seconds / 10:
        calls *= 4
    calls = max(1, round(calls * seconds / max(_seconds(call, calls), 1e-9)))
    return min(_seconds(call, calls) for _ in range(rounds)) / calls * 1e6


def _seconds(call: Callable[[], object], calls: int) -> float:
    start = process_time()
    for _ in range(calls):
        call()
    return process_time() - start
