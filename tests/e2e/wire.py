"""The wire between the webhook and the API server, which tests can cut."""

import ctypes
import socket
import struct
import time
from contextlib import suppress
from queue import SimpleQueue
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
        self._delay = 0.0
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

    def slow_down(self, seconds: float) -> None:
        """Let everything that comes back from the target arrive so much later."""
        self._delay = seconds

    def drop(self) -> None:
        """Lose every packet, also those that only ask whether anybody is there: as when a cable is cut."""
        self._carries.clear()
        for each in self._towards_us():
            each.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, _FILTER)

    def mend(self) -> None:
        """Carry everything again, as it comes."""
        self._accepts = True
        self._delay = 0.0
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
            # What comes back waits in a queue: one piece that is late does not make the next one later.
            late: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
            for work, *told in (
                (self._carry, near, far),
                (self._put_off, far, late),
                (self._hand_over, late, near, far),
            ):
                Thread(target=work, args=told, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                self._carries.wait()
                sink.sendall(piece)
        self._end(source, sink)

    def _put_off(self, source: socket.socket, late: "SimpleQueue[tuple[float, bytes]]") -> None:
        piece = b"something"
        while piece:
            try:
                piece = source.recv(_PIECE)
            except OSError:
                piece = b""
            self._carries.wait()
            late.put((time.monotonic() + self._delay, piece))

    def _hand_over(self, late: "SimpleQueue[tuple[float, bytes]]", *ends: socket.socket) -> None:
        with suppress(OSError):
            while True:
                due, piece = late.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not piece:
                    break
                ends[0].sendall(piece)
        self._end(*ends)

    def _end(self, *ends: socket.socket) -> None:
        for each in ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            with self._lock:
                self._sockets.discard(each)
