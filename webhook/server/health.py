"""Whether the server lives, and whether it should be sent requests."""

from collections.abc import Callable, Sequence
from typing import Final

from webhook.server.exchange import Reply, says

Waiting = Callable[[], str | None]
"""What something still waits for or lacks, in words; None when nothing."""

ALIVE: Final = says(200, "ok")


def readiness(waiting: Sequence[Waiting]) -> Reply:
    """Ready, or everything that stands in the way, a line each."""
    lacks = [lack for each in waiting if (lack := each())]
    return says(503, "\n".join(f"not ready: {lack}" for lack in lacks)) if lacks else says(200, "ok")
