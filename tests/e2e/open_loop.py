"""Requests at a steady rate, whatever becomes of those before: as of many users who do not wait for others.

A client that waits for each answer asks less while the server is slow, and so does not see the worst of it.
"""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from tests.e2e.api import Answer

# As many connections as the client keeps; who must wait for one is late, and that counts.
_AT_ONCE: Final = 10


def paced(ask: Callable[[int], Answer], rate: float, seconds: float) -> list[float]:
    """The milliseconds that each answer took from when it was due to be asked for; all must be good.

    *ask* gets the numbers from 0. Requests under way at the same time have connections of their own.
    """

    def timed(number: int, due: float) -> float:
        ask(number).good()
        return (time.monotonic() - due) * 1000

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        begin = time.monotonic()
        asked = []
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            asked.append(pool.submit(timed, number, due))
        return [each.result() for each in asked]


def percentile(taken: list[float], part: int) -> float:
    """What *part* of a hundred of those do not take longer than."""
    return statistics.quantiles(taken, n=100)[part - 1]
