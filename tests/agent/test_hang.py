"""A process whose work hangs ends itself, and one that works does not."""

import threading
import time

from webhook.agent.hang import STUCK, Watchdog


def test_who_hangs_is_ended_with_last_words() -> None:
    said: list[str] = []
    ended: list[int] = []
    is_over = threading.Event()

    def end(status: int) -> None:
        ended.append(status)
        is_over.set()

    Watchdog(0.05, lambda: said.append("hangs"), end).start()

    assert is_over.wait(20)
    assert (said, ended) == (["hangs"], [STUCK])


def test_who_works_is_left_alone() -> None:
    ended: list[int] = []
    watchdog = Watchdog(5.0, lambda: None, ended.append)
    watchdog.start()
    for _ in range(20):
        time.sleep(0.01)
        watchdog.beat()

    assert ended == []
