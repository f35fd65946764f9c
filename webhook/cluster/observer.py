"""What the rest of the process may want to know of us: for its log and its metrics."""

from typing import Literal, Protocol

Severity = Literal["info", "warning", "error"]


class Asking(Protocol):
    """Told of requests, from any thread."""

    def asked(self, wanted: str, status: str) -> None:
        """The API server was asked for *wanted*, such as ``list namespaces``, and answered with *status*."""


class Following(Protocol):
    """Told of what becomes of objects that are followed, from the thread that follows them."""

    def said(self, severity: Severity, message: str) -> None:
        """Something that people should read."""

    def knows(self, number: int) -> None:
        """So many objects are known."""

    def is_behind(self, since: float | None) -> None:
        """What is known may be out of date *since* this time of day, or is not."""


class Observer(Asking, Following, Protocol):
    """Told of what happens, from any thread: what is followed is namespaces."""

    def of(self, called: str) -> Following:
        """Who is told of other objects that are followed, which people call *called*."""

    def looked_up(self, found: Literal["known", "found", "absent", "failed"]) -> None:
        """A namespace that a review needs was known, or was looked up with this outcome."""
