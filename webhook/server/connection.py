"""A TLS connection on which nobody can keep a thread waiting.

gunicorn gives a connection to a thread and lets it block: a peer that stops in the middle of a handshake
or of a request would keep that thread for ever, and one that never closes keeps the main thread for two
seconds. Here every handshake and every request has a deadline, however slowly it trickles, and closing
does not wait.
"""

import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final

_DRAINED_AT_CLOSE: Final = 1024 * 1024
_STEP: Final = 64 * 1024

Report = Callable[[str, str], None]
"""Told of a failed handshake: the peer's address, and what was wrong."""


class Stalled(TimeoutError):
    """The peer was too slow. To gunicorn it is a peer that hung up: no traceback in the log."""

    def __init__(self, doing: str) -> None:
        super().__init__(errno.ECONNRESET, f"the client stalled while {doing}")


class TimedSocket(ssl.SSLSocket):
    """A connection whose every request must have arrived some seconds after a thread took it up."""

    context: "TimedContext"
    _until = 0.0

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 - the signature is socket's
        """As a socket's, but where gunicorn asks for blocking, a request's time begins."""
        if flag:
            self._until = monotonic() + self.context.request_timeout
        else:
            super().settimeout(0)

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature is SSLSocket's
        """The handshake, within its time. Raises ConnectionResetError where there will be no connection."""
        # Who refuses our certificate has hung up by the time one could ask who it was.
        peer = _address(self)
        try:
            super().do_handshake(block)
        except TimeoutError:
            raise Stalled("shaking hands") from None
        except (ssl.SSLEOFError, ConnectionError) as error:
            # A port scan, a TCP probe: nothing that anybody must hear of.
            raise ConnectionResetError(errno.ECONNRESET, str(error)) from error
        except ssl.SSLError as error:
            self.context.report(peer, _in_words(error))
            raise ConnectionResetError(errno.ECONNRESET, str(error)) from error
        self.setblocking(flag=True)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """As a socket's, until the request's time is over. Raises Stalled."""
        left = self._until - monotonic()
        if left <= 0:
            raise Stalled("sending a request")
        self.settimeout(left)
        try:
            return super().recv(buflen, flags)
        except TimeoutError:
            raise Stalled("sending a request") from None

    def sendall(self, data: Any, flags: int = 0) -> None:  # noqa: ANN401 - any buffer
        """As a socket's, with the time of a request for the answer. Raises Stalled."""
        self.settimeout(self.context.request_timeout)
        try:
            super().sendall(data, flags)
        except TimeoutError:
            raise Stalled("receiving an answer") from None

    def shutdown(self, how: int) -> None:  # noqa: ARG002 - the signature is socket's
        """Say goodbye, and raise an OSError: gunicorn then closes at once and does not wait for the peer.

        What has already arrived is read: closing over unread bytes would reset the connection and could take
        the answer along.
        """
        with suppress(OSError, ValueError):
            self.settimeout(0)
            self.unwrap()
        with suppress(OSError):
            left = _DRAINED_AT_CLOSE
            while left > 0 and (arrived := len(socket.socket.recv(self, _STEP))):
                left -= arrived
        raise OSError(errno.ENOTCONN, "closed without waiting")


class TimedContext(ssl.SSLContext):
    """A context whose connections have deadlines; handshakes have their own."""

    sslsocket_class = TimedSocket
    handshake_timeout: float
    request_timeout: float
    report: Report

    def wrap_socket(
        self,
        sock: socket.socket,
        *args: Any,  # noqa: ANN401 - whatever SSLContext's takes
        **options: Any,  # noqa: ANN401 - as above
    ) -> ssl.SSLSocket:
        """As SSLContext's; from here on the time of the handshake runs."""
        sock.settimeout(self.handshake_timeout)
        return super().wrap_socket(sock, *args, **options)


def server_context(*, handshake_timeout: float, request_timeout: float, report: Report) -> TimedContext:
    """A context for serving, still without a certificate: TLS 1.2 or newer, HTTP/1.1."""
    context = TimedContext(ssl.PROTOCOL_TLS_SERVER)
    context.handshake_timeout = handshake_timeout
    context.request_timeout = request_timeout
    context.report = report
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    # The API server resumes nothing.
    context.num_tickets = 0
    return context


def _address(connection: socket.socket) -> str:
    try:
        return str(connection.getpeername()[0])
    except OSError:
        return ""


def _in_words(error: ssl.SSLError) -> str:
    """What the library says, without the line of its source."""
    reason = (error.reason or "unknown").replace("_", " ").lower()
    if "alert" in reason and ("unknown ca" in reason or "bad certificate" in reason):
        return f"{reason}: the client does not trust our certificate; is the authority in its caBundle ours?"
    if reason == "http request":
        return f"{reason}: the client does not speak TLS; does its URL begin with https?"
    return reason
