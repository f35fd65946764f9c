"""All connections of a worker: so many and no more, each ended when it is overdue."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from time import monotonic
from typing import Final

from webhook.server.http.connection import Connection, State

MOST: Final = 2000
"""Each holds some 45 KiB, and 65 while hands are shaken."""
_AT_A_TIME: Final = 10
_IN_FLIGHT: Final = frozenset({State.READING, State.ANSWERING})
_QUIET: Final = 2.0
"""Seconds without a request after which, at a stop, none is expected on a connection any more."""


class Connections:
    """Connections, from before their handshakes until they are lost.

    ``stopping`` ends each of them with its next answer.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._all: set[Connection] = set()
        self._of_address: Counter[str] = Counter()
        self._nobody = asyncio.Event()
        self.stopping = False

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    @property
    def in_flight(self) -> int:
        """How many of them have begun a request that is not answered."""
        return sum(each.state in _IN_FLIGHT for each in self._all)

    def add(self, connection: Connection) -> None:
        """Count *connection* among them; where there are too many, the least useful one is ended for it.

        That is *connection* itself, where all others are being answered. An address that holds more than half
        of them pays for it with its own: one client in a hurry must not shut out the others.
        """
        if len(self._all) >= self._most:
            victim = min(self._candidates(), key=_usefulness)
            if victim.state is State.ANSWERING:
                connection.abort()
                return
            self.forget(victim)
            victim.abort()
        self._all.add(connection)
        self._of_address[connection.address] += 1

    def _candidates(self) -> Iterable[Connection]:
        address, number = self._of_address.most_common(1)[0]
        if number <= len(self._all) / 2:
            return self._all
        return (each for each in self._all if each.address == address)

    def forget(self, connection: Connection) -> None:
        """Count *connection* no more."""
        if connection in self._all:
            self._all.remove(connection)
            self._of_address[connection.address] -= 1
            if not self._of_address[connection.address]:
                del self._of_address[connection.address]
        if self.stopping and not self._all:
            self._nobody.set()

    async def sweep(self) -> None:
        """End what is overdue, a few at a time: requests have their turn between them."""
        moment = monotonic()
        overdue = [each for each in self._all if each.due <= moment]
        for start in range(0, len(overdue), _AT_A_TIME):
            for each in overdue[start : start + _AT_A_TIME]:
                if each.due <= moment:
                    each.expire()
            await asyncio.sleep(0)
        if self.stopping:
            self._let_go(moment)

    async def ended(self) -> None:
        """End each connection with its next answer; return when the last one has ended."""
        self.stopping = True
        if self._all:
            await self._nobody.wait()

    def end(self) -> None:
        """End all of them at once."""
        for each in list(self._all):
            each.abort()

    def _let_go(self, moment: float) -> None:
        # On one that was busy a moment ago a request may be on its way; the answer to it ends the connection.
        for each in list(self._all):
            if each.state is State.IDLE and moment - each.heard >= _QUIET:
                each.expire()


def _usefulness(connection: Connection) -> tuple[bool, bool, float]:
    """Whom to keep: who is being answered, who was once, and who was heard of last."""
    return connection.state is State.ANSWERING, connection.answered > 0, connection.heard
