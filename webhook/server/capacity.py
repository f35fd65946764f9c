"""Limits to what threads handle at once: reviews being decided, and bytes of bodies held in memory.

Beyond them a caller waits a little and is then answered 503: a server that runs out of memory or threads
answers nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Semaphore


class Crowded(Exception):
    """No place became free in time."""


class Places:
    """A limit to how many callers do something at once."""

    def __init__(self, number: int) -> None:
        self._free = Semaphore(number)

    @contextmanager
    def taken(self, patience: float) -> Iterator[None]:
        """A place while the block runs. Raises Crowded when none was free for *patience* seconds."""
        if not self._free.acquire(timeout=max(patience, 0.0)):
            raise Crowded
        try:
            yield
        finally:
            self._free.release()


class Room:
    """A number of bytes, shared by all bodies that are being read or decided."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._lock = Lock()

    @contextmanager
    def share(self) -> Iterator[Callable[[int], bool]]:
        """A function that takes a number of bytes, or returns False; what it took is free after the block."""
        taken = 0

        def take(size: int) -> bool:
            nonlocal taken
            with self._lock:
                if size > self._left:
                    return False
                self._left -= size
            taken += size
            return True

        try:
            yield take
        finally:
            with self._lock:
                self._left += taken
