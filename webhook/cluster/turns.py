"""Taking turns: a limit to how many ask the API server the same kind of thing at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore


@contextmanager
def turn(free: Semaphore, patience: float, crowded: Exception) -> Iterator[None]:
    """A turn while the block runs. Raises *crowded* when none came in *patience* seconds."""
    if not free.acquire(timeout=max(patience, 0.0)):
        raise crowded
    try:
        yield
    finally:
        free.release()
