"""The wire between the webhook and the API server, which tests can cut."""

import socket
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Final

from tests.e2e.ports import free_port

_PIECE: Final = 65536
_LOOPBACK: Final = "127.0.0.1"


class Wire:
    """Carries connections to *target*, a port on loopback, until told otherwise."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = Lock()
        self._sockets: set[socket.socket] = set()
        self._carries = Event()
        self._accepts = True
        self.port = free_port()
        self._listener = socket.create_server((_LOOPBACK, self.port))
        self._carries.set()
        Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """End all connections; new ones are carried."""
        with self._lock:
            ended, self._sockets = self._sockets, set()
        for each in ended:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def refuse(self) -> None:
        """End all connections, and every new one at once."""
        self._accepts = False
        self.cut()

    def stall(self) -> None:
        """Let every connection stand, and carry nothing: as when a machine is gone without a word."""
        self._carries.clear()

    def mend(self) -> None:
        """Carry everything again."""
        self._accepts = True
        self._carries.set()

    def close(self) -> None:
        """End it for good."""
        self._listener.close()
        self.refuse()
        self._carries.set()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._accepts:
                near.close()
                continue
            try:
                far = socket.create_connection((_LOOPBACK, self._target))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._sockets |= {near, far}
            for source, sink in ((near, far), (far, near)):
                Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._carries.wait()
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            with self._lock:
                self._sockets.discard(each)
