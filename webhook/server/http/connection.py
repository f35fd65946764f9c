"""One client's connection: its requests one after the other, each within its time.

A client that is slow, silent, or never closes costs a little memory and nobody else's time: whatever it owes
has a moment at which it is due (``due``), and ``webhook.server.http.connections`` ends what is overdue.
"""

import asyncio
from collections import deque
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from webhook.server.exchange import FREE_OF_BODY, LARGEST_BODY, LINGER, Reply, Unread
from webhook.server.http.answering import Answering
from webhook.server.http.client_names import names_in
from webhook.server.http.reader import Began, Broken, Ended, Event, Reader
from webhook.server.http.writer import CONTINUE, encoded

if TYPE_CHECKING:
    from concurrent.futures import Future

    from webhook.server.http.connections import Connections

_UNSENT: Final = 64 * 1024
"""Bytes of answers that may wait for a client to take them, before no more of its requests are read."""
_UNREAD: Final = 16 * 1024
"""Bytes of requests that may wait until one is answered, before no more are taken from the kernel."""
_PIECE: Final = 8 * 1024
"""Bytes that are read at once: of the smallest requests that is some hundreds."""


class Times(NamedTuple):
    """Seconds: for a request to arrive and its answer to be taken, and between two requests."""

    request: float
    idle: float


class State(Enum):
    """What is waited for."""

    SHAKING = auto()
    IDLE = auto()
    READING = auto()
    ANSWERING = auto()
    LINGERING = auto()
    CLOSED = auto()


_OPEN: Final = frozenset({State.IDLE, State.READING})
"""States in which a request may begin or go on."""


class Connection(asyncio.Protocol):
    """A connection, from before its handshake until it is lost."""

    def __init__(self, answering: Answering, connections: "Connections", times: Times) -> None:
        self._answering = answering
        self._connections = connections
        self._times = times
        self._transport: asyncio.Transport | None = None
        self._reader = Reader()
        self._ahead = b""
        self._events: deque[Event] = deque()
        self._began: Began | None = None
        self._since = 0.0
        self._taken = 0
        self._unheard = 0
        self._writes_wait = False
        self._names: frozenset[str] = frozenset()
        self.address = ""
        self.shaking: asyncio.Task[None] | None = None
        self.is_made = False
        self.state = State.SHAKING
        self.due = inf
        self.answered = 0
        self.heard = monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called when hands are shaken."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(_UNSENT)
        # asyncio's, of TLS alone: 256 KiB for each client that sends ahead, where one says nothing.
        self._transport.set_read_buffer_limits(_UNREAD)  # type: ignore[attr-defined]  # as just said
        self.is_made = True
        self.heard = monotonic()
        self._names = names_in(transport.get_extra_info("peercert"))
        self._rests()

    def data_received(self, data: bytes) -> None:
        """Called with what arrived."""
        if self.state is State.LINGERING or self._transport is None or self._transport.is_closing():
            self._unheard += len(data)
            if self._unheard > LARGEST_BODY:
                self.abort()
            return
        self.heard = monotonic()
        self._ahead += data
        self._go_on()

    def eof_received(self) -> None:
        """Called when the client will say no more: what it did not finish it never will."""

    def pause_writing(self) -> None:
        """Called when the client takes no answers: no more of its requests are read."""
        self._writes_wait = True
        self.due = monotonic() + self._times.request
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Called when it does again."""
        self._writes_wait = False
        if self._transport is None or self._transport.is_closing():
            return
        if self.state is State.IDLE:
            self._rests()
        self._go_on()
        self._listen()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        """Called at the end."""
        if self.state is not State.ANSWERING:
            self._give_back()
        self.state = State.CLOSED
        self._ahead = b""
        self._events.clear()
        self._transport = None
        self._connections.forget(self)

    def expire(self) -> None:
        """End what is overdue, with an answer where the body of a request did not come."""
        if self.state is State.READING and self._began is not None and not self._writes_wait:
            self._refuse(Unread.STALLED.reply)
        elif self.state is State.IDLE and self._transport is not None and not self._writes_wait:
            self._closes(self._transport)
        else:
            self.abort()

    def abort(self) -> None:
        """End it at once."""
        self.due = inf
        if self._transport is not None:
            self._transport.abort()
        elif self.shaking is not None:
            # Not before it has begun: it has a socket to close.
            asyncio.get_running_loop().call_soon(self.shaking.cancel)

    def _go_on(self) -> None:
        """Do what has arrived, as far as nothing has to be waited for."""
        while not self._writes_wait and self.state in _OPEN:
            if not self._events:
                if not self._ahead:
                    break
                self._read_on()
                continue
            if self.state is State.IDLE:
                self._reads()
            event = self._events.popleft()
            if isinstance(event, Began):
                self._begin(event)
            elif isinstance(event, Broken):
                self._refuse(event.reply)
            elif self._began is None:
                # It was refused when its head had come.
                self._next()
            elif isinstance(event.body, Unread):
                self._refuse(event.body.reply)
            else:
                self._answer(self._began, event.body)
        if self.state is State.IDLE and self._reader.in_message:
            self._reads()

    def _read_on(self) -> None:
        """Read the next of what came: only so much at once, because requests are larger than their bytes."""
        piece, self._ahead = self._ahead[:_PIECE], self._ahead[_PIECE:]
        self._events.extend(self._reader.feed(piece))
        if not self._has_room():
            self._events.append(Ended(Unread.NO_ROOM))

    def _begin(self, event: Began) -> None:
        self._began = event
        refusal = self._answering.refusal(event.head, self._names)
        if refusal is not None:
            self._refuse(refusal)
        elif event.expects_continue and not self._events:
            self._write(CONTINUE)

    def _refuse(self, reply: Reply) -> None:
        head = self._began.head if self._began else None
        self._send(self._answering.refused(head, reply, self._since))
        self._began = None

    def _answer(self, began: Began, body: bytes) -> None:
        answer = self._answering.answer(began.head, body, self._since)
        if isinstance(answer, Reply):
            self._send(answer)
            self._next()
            return
        self.state = State.ANSWERING
        self.due = inf
        if self._transport is not None:
            self._transport.pause_reading()
        answer.add_done_callback(partial(self._answered_by_a_thread, asyncio.get_running_loop()))

    def _answered_by_a_thread(self, loop: asyncio.AbstractEventLoop, answer: "Future[Reply]") -> None:
        # The loop may be closed: at the end of a server nobody waits for the slow.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._answered, answer)

    def _answered(self, answer: "Future[Reply]") -> None:
        self._give_back()
        if self.state is State.CLOSED or self._transport is None or self._transport.is_closing():
            return
        if answer.cancelled() or answer.exception() is not None:
            # Who answers raises nothing. Were it not so, nobody would be told, and nothing would be due.
            self.abort()
            answer.result()
        self.state = State.READING
        self._send(answer.result())
        self._next()
        self._go_on()
        self._listen()

    def _listen(self) -> None:
        """Hear the client, unless what it said before is to be done first."""
        if self._transport is not None and not self._writes_wait and self.state is not State.ANSWERING:
            self._transport.resume_reading()

    def _send(self, reply: Reply) -> None:
        began = self._began
        closes = reply.closes or self._connections.stopping or not (began and began.keeps)
        version, method = (began.version, began.head.method) if began else ("1.1", "")
        self.answered += 1
        self._write(encoded(reply, version=version, closes=closes, without_body=method == "HEAD"))
        if reply.closes:
            # More is on its way; closing on it could take the answer along.
            self.state = State.LINGERING
            self.due = monotonic() + LINGER
        elif closes and self._transport is not None:
            self._closes(self._transport)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _closes(self, transport: asyncio.Transport) -> None:
        self.state = State.LINGERING
        self.due = monotonic() + self._times.request
        transport.close()

    def _next(self) -> None:
        """Turn to what follows an answered request."""
        self._began = None
        self._give_back()
        if self.state is State.READING:
            self._rests()

    def _reads(self) -> None:
        self.state = State.READING
        self._since = monotonic()
        self.due = self._since + self._times.request

    def _rests(self) -> None:
        self.state = State.IDLE
        # Who was answered and does not take the answer is not at rest.
        self.due = monotonic() + (self._times.request if self._writes_wait else self._times.idle)

    def _has_room(self) -> bool:
        more = self._reader.held - FREE_OF_BODY - self._taken
        if more <= 0:
            return True
        if not self._answering.take(more):
            return False
        self._taken += more
        return True

    def _give_back(self) -> None:
        if self._taken:
            self._answering.give_back(self._taken)
            self._taken = 0
