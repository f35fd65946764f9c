"""The wire between the webhook and the API server, which tests can cut."""

import ctypes
import socket
import struct
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Final

from tests.e2e.ports import free_port

_PIECE: Final = 65536
_LOOPBACK: Final = "127.0.0.1"
_ATTACH_FILTER: Final = getattr(socket, "SO_ATTACH_FILTER", 26)
_DETACH_FILTER: Final = getattr(socket, "SO_DETACH_FILTER", 27)
# A program for the kernel, of the one instruction "return 0": keep nothing of any packet.
_DROP: Final = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
_FILTER: Final = struct.pack("HP", 1, ctypes.addressof(_DROP))


class Wire:
    """Carries connections to *target*, a port on loopback, until told otherwise."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = Lock()
        self._sockets: set[socket.socket] = set()
        self._near: set[socket.socket] = set()
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
        """Let every connection stand, and carry nothing: as when the API server hangs."""
        self._carries.clear()

    def drop(self) -> None:
        """Lose every packet, also those that only ask whether anybody is there: as when a cable is cut."""
        self._carries.clear()
        for each in self._towards_us():
            each.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, _FILTER)

    def mend(self) -> None:
        """Carry everything again."""
        self._accepts = True
        for each in self._towards_us():
            with suppress(OSError):  # it has none
                each.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)
        self._carries.set()

    def close(self) -> None:
        """End it for good."""
        self._listener.close()
        self.refuse()
        self._carries.set()

    def _towards_us(self) -> list[socket.socket]:
        """The sockets to which the webhook talks, and the one to which it connects."""
        with self._lock:
            return [self._listener, *(self._near & self._sockets)]

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
                self._near = self._near & self._sockets | {near}
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
