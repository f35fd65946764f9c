"""What a worker does on its event loop: take in connections, answer, keep house, and let go."""

import asyncio
import socket
from asyncio import sslproto
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from webhook.server.configuration import Configuration
from webhook.server.dispatch import Dispatch
from webhook.server.http.connection import Connection, Times
from webhook.server.http.connections import Connections
from webhook.server.http.descriptors import most_connections
from webhook.server.http.reception import Handshake, Reception, Report
from webhook.server.metrics import Metrics
from webhook.server.options import ServeOptions
from webhook.server.tls import Credentials

_SWEPT_EVERY: Final = 0.1
# asyncio allocates 256 KiB for each connection and reads at most so much at once; a record of TLS has 16.
_TLS_BUFFER: Final = 16 * 1024


class Service(NamedTuple):
    """What is served, and with which certificate; *report* is told of handshakes that fail."""

    options: ServeOptions
    dispatch: Dispatch
    credentials: Credentials
    configuration: Configuration
    metrics: Metrics
    report: Report


class Serving:
    """Serves *service* to who connects to *listeners*; connections may be idle for *idle* seconds.

    To be made on a running event loop.
    """

    def __init__(self, service: Service, listeners: Sequence[socket.socket], *, idle: float) -> None:
        sslproto.SSLProtocol.max_size = _TLS_BUFFER
        self._service = service
        self._loop = asyncio.get_running_loop()
        self._connections = connections = Connections(most_connections())
        times = Times(request=service.options.request_timeout, idle=idle)
        handshake = Handshake(
            lambda: service.credentials.served.context,
            lambda: Connection(service.dispatch, connections, times),
            service.options.handshake_timeout,
            service.report,
        )
        self._receptions = [Reception(listener, connections, handshake) for listener in listeners]
        self._housework: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Take in from now on."""
        for each in self._receptions:
            each.open()
        self._housework = [
            self._loop.create_task(_every(_SWEPT_EVERY, self._sweep)),
            self._loop.create_task(_every(self._service.options.certificate_interval, self._look_at_files)),
        ]

    async def drain(self) -> None:
        """Take in who waits, and nobody after them; return when the last connection has ended."""
        for each in self._receptions:
            each.close()
        await self._connections.ended()

    async def close(self) -> None:
        """End every connection that is left, at once."""
        for each in self._receptions:
            each.close()
        self._connections.end()
        for task in self._housework:
            task.cancel()
        self._service.dispatch.close()
        # The loop tells connections of their end in its next rounds.
        for _ in range(3):
            await asyncio.sleep(0)

    async def _sweep(self) -> None:
        await self._connections.sweep()
        self._service.metrics.connected(len(self._connections))
        self._service.metrics.in_flight(self._connections.in_flight)

    async def _look_at_files(self) -> None:
        await self._loop.run_in_executor(None, self._service.credentials.look)
        await self._loop.run_in_executor(None, self._service.configuration.look)


async def _every(seconds: float, work: Callable[[], Any]) -> None:
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - a bug met once must not leave the house unkept for ever
            asyncio.get_running_loop().call_exception_handler(
                {"message": "housework failed", "exception": error}
            )
        await asyncio.sleep(seconds)
