"""Connections taken in: accepted a few at a time, and their hands shaken within a time."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final, NamedTuple

from webhook.server.http.connection import Connection
from webhook.server.http.connections import Connections

_AT_A_TIME: Final = 4
"""Connections accepted before requests have their turn again: each costs a handshake, a millisecond or so."""
_PAUSE: Final = 0.5
_LEAST: Final = 0.1
"""Seconds for a handshake whose first byte came late."""
_CLOSING: Final = 1.0
"""Seconds that a client has to close its side of TLS."""

Report = Callable[[str, str], None]
"""Told of a failed handshake: the peer's address, and what was wrong."""


class Handshake(NamedTuple):
    """How hands are shaken: with the *context* of the moment, for the connection that is next, in a time."""

    context: Callable[[], ssl.SSLContext]
    connection: Callable[[], Connection]
    seconds: float
    report: Report


class Reception:
    """Takes in who connects to *listener*. To be made on a running event loop."""

    def __init__(self, listener: socket.socket, connections: Connections, handshake: Handshake) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._connections = connections
        self._handshake = handshake
        self._is_open = False
        listener.setblocking(False)  # noqa: FBT003 - the signature is socket's

    def open(self) -> None:
        """Take in from now on."""
        self._is_open = True
        self._loop.add_reader(self._listener.fileno(), self._accept)

    def close(self) -> None:
        """Take in all that waits in the kernel's queue, and nobody after them."""
        if not self._is_open:
            return
        self._is_open = False
        self._loop.remove_reader(self._listener.fileno())
        while self._took_one_in():
            pass
        self._listener.close()

    def _accept(self) -> None:
        for _ in range(_AT_A_TIME):
            if not self._took_one_in():
                return

    def _took_one_in(self) -> bool:
        try:
            accepted, address = self._listener.accept()
        except (BlockingIOError, InterruptedError):
            return False
        except ConnectionError:
            # It hung up while it waited; the next one may not have.
            return True
        except OSError as error:
            # No descriptors, no memory: neither gets better by trying again at once.
            self._handshake.report("", f"no connection can be accepted: {error.strerror}")
            self._loop.remove_reader(self._listener.fileno())
            self._loop.call_later(_PAUSE, self._resume)
            return False
        accepted.setblocking(False)  # noqa: FBT003 - the signature is socket's
        connection = self._handshake.connection()
        connection.address = str(address[0])
        connection.shaking = self._loop.create_task(self._shake(connection, accepted, str(address[0])))
        self._connections.add(connection)
        return True

    def _resume(self) -> None:
        if self._is_open:
            self.open()

    async def _shake(self, connection: Connection, accepted: socket.socket, address: str) -> None:
        began = self._loop.time()
        seconds = self._handshake.seconds
        try:
            await self._first_byte(accepted, seconds)
            await self._loop.connect_accepted_socket(
                lambda: connection,
                accepted,
                ssl=self._handshake.context(),
                ssl_handshake_timeout=max(seconds - (self._loop.time() - began), _LEAST),
                ssl_shutdown_timeout=_CLOSING,
            )
        except ssl.SSLEOFError:
            # A port scan, a TCP probe: nothing that anybody must hear of.
            pass
        except ssl.SSLError as error:
            self._handshake.report(address, in_words(error))
        except OSError:
            pass
        finally:
            connection.shaking = None
            if not connection.is_made:
                self._connections.forget(connection)

    async def _first_byte(self, accepted: socket.socket, seconds: float) -> None:
        """Wait for it before TLS is begun: a client that is silent costs no buffers. Raises TimeoutError."""
        came: asyncio.Future[None] = self._loop.create_future()
        descriptor = accepted.fileno()

        def tell() -> None:
            if not came.done():
                came.set_result(None)

        self._loop.add_reader(descriptor, tell)
        try:
            await asyncio.wait_for(came, seconds)
        except BaseException:
            self._loop.remove_reader(descriptor)
            accepted.close()
            raise
        self._loop.remove_reader(descriptor)


def in_words(error: ssl.SSLError) -> str:
    """What the library says, without the line of its source, and what it may come from."""
    reason = (error.reason or "unknown").replace("_", " ").lower()
    if "alert" in reason and ("unknown ca" in reason or "bad certificate" in reason):
        return f"{reason}: the client does not trust our certificate; is the authority in its caBundle ours?"
    if reason == "http request":
        return f"{reason}: the client does not speak TLS; does its URL begin with https?"
    return reason
