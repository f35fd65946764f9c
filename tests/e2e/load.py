"""Requests one after the other, in the background of a test."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from tests.e2e.api import Answer

_AT_ONCE = 2


@contextmanager
def load(ask: Callable[[], Answer]) -> Iterator[list[Answer]]:
    """The answers to what is asked again and again while the block runs."""
    answers: list[Answer] = []
    is_over = Event()

    def ask_on() -> None:
        while not is_over.is_set():
            answers.append(ask())

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asking = [pool.submit(ask_on) for _ in range(_AT_ONCE)]
        try:
            yield answers
        finally:
            is_over.set()
    for each in asking:
        each.result()
