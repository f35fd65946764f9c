"""gunicorn's worker around an event loop: gunicorn starts, watches and ends it; the loop serves.

Source: gunicorn's documentation, "Custom worker classes"; the signals are those of its "Signal Handling".
"""

import asyncio
import os
import signal
from contextlib import suppress
from typing import Any, Final

from gunicorn.workers.base import Worker as AnyWorker

from webhook.server.serving import Service, Serving

_BEATS_EVERY: Final = 1.0


class Worker(AnyWorker):
    """Serves a ``Service`` until it is told to stop, and then what it has taken in."""

    def init_signals(self) -> None:
        """Called before the loop, which hears of those that end the worker."""
        for each in self.SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        for each in (signal.SIGUSR1, signal.SIGWINCH):
            signal.signal(each, signal.SIG_IGN)

    def run(self) -> None:
        """Called to serve; returns when all is over."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._tell)
        stop, end = asyncio.Event(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stop.set)

        def hurry() -> None:
            end.set()
            stop.set()

        for each in (signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(each, hurry)
        service: Service = self.wsgi  # type: ignore[assignment]  # what the application gave gunicorn to serve
        listeners: list[Any] = self.sockets  # gunicorn's, around the sockets themselves
        serving = Serving(service, [each.sock for each in listeners], idle=self.cfg.keepalive)
        serving.open()
        while not stop.is_set():
            self._beat(stop)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _BEATS_EVERY)
        self.alive = False
        draining = loop.create_task(serving.drain())
        until = loop.time() + self.cfg.graceful_timeout
        while not draining.done() and not end.is_set() and loop.time() < until:
            self.notify()
            await asyncio.wait([draining], timeout=_BEATS_EVERY / 10)
        draining.cancel()
        await serving.close()

    def _beat(self, stop: asyncio.Event) -> None:
        self.notify()
        if self.ppid != os.getppid():
            # gunicorn itself is gone: nobody would ever stop us.
            stop.set()

    def _tell(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Write what nobody caught; that a connection broke is the client's affair."""
        error = context.get("exception")
        if not isinstance(error, OSError):
            self.log.error("%s", context["message"], exc_info=error)
