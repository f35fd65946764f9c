"""Who answers what comes over a connection (``webhook.server.dispatch`` does)."""

from typing import TYPE_CHECKING, Protocol

from webhook.server.exchange import Head, Reply

if TYPE_CHECKING:
    from concurrent.futures import Future


class Answering(Protocol):
    """Who answers."""

    def refusal(self, head: Head, names: frozenset[str]) -> Reply | None:
        """The answer where the head of a request, and who sent it, are enough for one."""

    def refused(self, head: Head | None, reply: Reply, since: float) -> Reply:
        """*reply*, after what is to be told of a request that is not looked at, or cannot be read."""

    def answer(self, head: Head, body: bytes, since: float) -> "Reply | Future[Reply]":
        """The answer to a whole request whose head came at *since*, now or later."""

    def take(self, size: int) -> bool:
        """Take so many bytes of the memory that all bodies share, or say that there are none."""

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
