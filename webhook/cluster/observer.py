"""What the rest of the process may want to know of us: for its log and its metrics."""

from typing import Literal, Protocol

Severity = Literal["info", "warning", "error"]


class Observer(Protocol):
    """Told of what happens, from any thread."""

    def said(self, severity: Severity, message: str) -> None:
        """Something that people should read."""

    def asked(self, wanted: str, status: str) -> None:
        """The API server was asked for *wanted*, such as ``list namespaces``, and answered with *status*."""

    def knows(self, namespaces: int) -> None:
        """So many namespaces are known."""

    def is_behind(self, since: float | None) -> None:
        """What is known may be out of date *since* this time of day, or is not."""

    def looked_up(self, found: Literal["known", "found", "absent", "failed"]) -> None:
        """A namespace that a review needs was known, or was looked up with this outcome."""
