"""Who answers a request that came over the event loop: the loop itself, a thread, or Flask.

A review that needs nothing but memory is decided on the loop, in a fraction of a millisecond. One that is
large, or must ask the API server, is decided by a thread. Probes are answered on the loop, too: they must be,
while every thread waits for the API server. The counters are written by Flask, on a thread of their own.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Final

from webhook.server.door import Door
from webhook.server.exchange import ROOM_FOR_BODIES, Head, Reply, says
from webhook.server.gateway import replied
from webhook.server.refusals import CROWDED

if TYPE_CHECKING:
    from flask import Flask

_QUEUE: Final = 4
"""Reviews that may wait for each thread."""
_LARGE: Final = 1024 * 1024
_LARGE_AT_ONCE: Final = 2
"""Reviews of so many bytes that are decided at once: each may take a hundred megabytes while it is."""

_STRANGER: Final = says(
    403, "a client certificate is needed that names an API server", reason="stranger", closes=True
)


class Dispatch:
    """Answers through *door* and *app*; with *clients*, reviews are taken from those names alone."""

    def __init__(
        self,
        door: Door,
        app: "Flask",
        *,
        threads: int,
        clients: frozenset[str] | None = None,
    ) -> None:
        self._door = door
        self._app = app
        self._clients = clients
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="review")
        self._for_large = ThreadPoolExecutor(_LARGE_AT_ONCE, thread_name_prefix="large")
        self._for_counters = ThreadPoolExecutor(1, thread_name_prefix="counters")
        self._expositions: dict[str, Future[Reply]] = {}
        self._most = threads * (1 + _QUEUE)
        self._waiting = 0
        self._left = ROOM_FOR_BODIES
        self._lock = Lock()

    def refusal(self, head: Head, names: frozenset[str]) -> Reply | None:
        """The answer where the head of a request, and who sent it, are enough for one."""
        if self._clients is not None and head.method == "POST" and not (names & self._clients):
            return _STRANGER
        return self._door.refusal(head)

    def refused(self, head: Head | None, reply: Reply, since: float) -> Reply:
        """*reply*, after it is told and counted."""
        return self._door.refused(head, reply, since)

    def answer(self, head: Head, body: bytes, since: float) -> "Reply | Future[Reply]":
        """The answer to a whole request that is not refused, now or later."""
        if head.method != "POST":
            return self._exposition(head) if head.path == "/metrics" else self._door.reply(head, body, since)
        reply = self._door.reply_at_once(head, body, since)
        if reply is not None:
            return reply
        if not self._waits(1):
            return self._door.refused(head, CROWDED, since)
        threads = self._for_large if len(body) > _LARGE else self._threads
        return threads.submit(self._decide, head, body, since)

    def take(self, size: int) -> bool:
        """Take so many bytes of what all bodies may hold, or return False. To be called on the loop alone."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give back what was taken. As ``take``."""
        self._left += size

    def close(self) -> None:
        """Let no thread keep the process: what they still do, nobody waits for."""
        for pool in (self._threads, self._for_large, self._for_counters):
            pool.shutdown(wait=False, cancel_futures=True)

    def _exposition(self, head: Head) -> "Future[Reply]":
        """The counters. All who ask before they begin to be written get the same: there is no queue."""
        waiting = self._expositions.get(head.method)
        if waiting is None or waiting.running() or waiting.done():
            waiting = self._for_counters.submit(replied, self._app, head, b"")
            self._expositions[head.method] = waiting
        return waiting

    def _decide(self, head: Head, body: bytes, since: float) -> Reply:
        try:
            return self._door.reply(head, body, since)
        finally:
            self._waits(-1)

    def _waits(self, more: int) -> bool:
        with self._lock:
            if self._waiting + more > self._most:
                return False
            self._waiting += more
            return True
