"""A server over TLS that answers as it is told to, request by request."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

YES = b'{"response":{"uid":"u","allowed":true}}'
NO = b'{"response":{"uid":"u","allowed":false}}'

Act = Callable[[ssl.SSLSocket], bool]
"""Answers a request that was read; says whether the connection goes on."""


def saying(body: bytes, status: str = "200 OK", header: str = "") -> Act:
    def act(connection: ssl.SSLSocket) -> bool:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{header}\r\n"
        connection.sendall(head.encode() + body)
        return not header

    return act


def chunked(connection: ssl.SSLSocket) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in (YES[:10], YES[10:], b""):
        connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
    return True


def closing(connection: ssl.SSLSocket) -> bool:
    with suppress(OSError):
        connection.unwrap()
    return False


def cutting(connection: ssl.SSLSocket) -> bool:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + YES)
    return closing(connection)


def babbling(connection: ssl.SSLSocket) -> bool:
    connection.sendall(b"NOTHING THAT HTTP KNOWS\r\n\r\n")
    return False


def after(seconds: float, act: Act) -> Act:
    def late(connection: ssl.SSLSocket) -> bool:
        time.sleep(seconds)
        return act(connection)

    return late


class Misbehaving:
    """Acts in turn, then YES for ever; idle and shaking connections are ended after *patience* seconds."""

    def __init__(self, tls: Path, *acts: Act, patience: float = 30.0) -> None:
        self._acts = list(acts)
        self._patience = patience
        self.asked = 0
        self.serve_with(tls)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def serve_with(self, tls: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "tls.crt", tls / "tls.key")
        self._context = context

    def close(self) -> None:
        # A thread that waits in accept() holds the socket, whoever closes it.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(self._patience)
        with suppress(OSError), plain, self._context.wrap_socket(plain, server_side=True) as connection:
            while _read(connection):
                self.asked += 1
                act = self._acts.pop(0) if self._acts else saying(YES)
                if not act(connection):
                    return


def _read(connection: ssl.SSLSocket) -> bool:
    """Read a request; False at the end of the connection."""
    got = b""
    while b"\r\n\r\n" not in got:
        if not (more := connection.recv(65536)):
            return False
        got += more
    head, _, rest = got.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length: ")
    left = int(length.split(b"\r\n", 1)[0]) - len(rest)
    while left > 0:
        if not (more := connection.recv(65536)):
            return False
        left -= len(more)
    return True


@contextmanager
def misbehaving(tls: Path, *acts: Act, patience: float = 30.0) -> Iterator[Misbehaving]:
    server = Misbehaving(tls, *acts, patience=patience)
    try:
        yield server
    finally:
        server.close()
