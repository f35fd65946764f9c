"""The labels of a namespace: as followed, or asked for where that is not enough.

A namespace that is not known may have been made a moment ago, and one that nobody follows may have changed:
both are asked for, by few at a time and not for long. Nothing of that is kept: what is followed comes in
order, and an answer from between would stay after its namespace is gone.
"""

from collections.abc import Callable
from threading import Semaphore
from typing import Final, Protocol

from webhook.admission import LookupFailed, MustWait, NamespaceNotFound
from webhook.cluster.failure import Failure
from webhook.cluster.namespaces import Labels
from webhook.cluster.observer import Observer
from webhook.cluster.requests import can_be_a_namespace
from webhook.cluster.turns import turn

_AT_ONCE: Final = 8
_TIME_FOR_UNKNOWN: Final = 2.0
_TIME_FOR_KNOWN: Final = 0.5
_SPARED: Final = 5.0


class Followed(Protocol):
    """What is known of namespaces without asking."""

    @property
    def is_current(self) -> bool:
        """Whether it is known as it is."""

    def labels(self, namespace: str) -> Labels | None:
        """The labels of *namespace*, or None if it is not known."""


class Asked(Protocol):
    """Who can be asked for a namespace."""

    def namespace(self, name: str, until: float) -> Labels | None:
        """The labels of the namespace *name*, or None if there is none. Raises Failure."""


class Lookups:
    """The labels of namespaces, from *followed* or from *asked*."""

    def __init__(
        self, followed: Followed, asked: Asked, clock: Callable[[], float], observer: Observer
    ) -> None:
        self._followed = followed
        self._asked = asked
        self._clock = clock
        self._observer = observer
        self._places = Semaphore(_AT_ONCE)
        self._spared_until = clock()

    def labels_of(self, namespace: str, deadline: float | None = None) -> Labels:
        """The labels of *namespace*, before *deadline*. Raises NamespaceNotFound and LookupFailed."""
        known = self._followed.labels(namespace)
        if known is None:
            return self._unknown(namespace, deadline)
        if self._is_good_enough():
            self._observer.looked_up("known")
            return known
        return self._known_of_old(namespace, known, deadline)

    def labels_at_once(self, namespace: str) -> Labels:
        """As ``labels_of``, but as followed alone. Raises MustWait where that is not enough."""
        known = self._followed.labels(namespace)
        if known is not None and self._is_good_enough():
            self._observer.looked_up("known")
            return known
        if known is None and not can_be_a_namespace(namespace):
            raise NamespaceNotFound(namespace)
        raise MustWait

    def _is_good_enough(self) -> bool:
        """Whether what is known is as it is now, or nobody can be asked how it is."""
        return self._followed.is_current or self._clock() < self._spared_until

    def _unknown(self, namespace: str, deadline: float | None) -> Labels:
        if not can_be_a_namespace(namespace):
            raise NamespaceNotFound(namespace)
        try:
            return self._found(namespace, self._end(_TIME_FOR_UNKNOWN, deadline))
        except Failure as failure:
            self._observer.looked_up("failed")
            raise LookupFailed(str(failure)) from failure

    def _known_of_old(self, namespace: str, known: Labels, deadline: float | None) -> Labels:
        """As it is now, or as it was where nobody can be asked; then nobody is for some seconds."""
        try:
            return self._found(namespace, self._end(_TIME_FOR_KNOWN, deadline))
        except Failure:
            # That one caller has no time says nothing of who was asked.
            if deadline is None or self._clock() < deadline:
                self._spared_until = self._clock() + _SPARED
            self._observer.looked_up("known")
            return known

    def _end(self, seconds: float, deadline: float | None) -> float:
        end = self._clock() + seconds
        return end if deadline is None else min(end, deadline)

    def _found(self, namespace: str, until: float) -> Labels:
        crowded = Failure("get namespaces: too many are asked for at once")
        with turn(self._places, until - self._clock(), crowded):
            labels = self._asked.namespace(namespace, until)
        if labels is None:
            self._observer.looked_up("absent")
            raise NamespaceNotFound(namespace)
        self._observer.looked_up("found")
        return labels
