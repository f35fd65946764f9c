"""The namespaces as the API server has them, kept up by a thread of our own.

What happens when is decided in ``webhook.cluster.positions``; here it is carried out, and told.
"""

import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Never, Protocol

from webhook.cluster.backoff import pause
from webhook.cluster.failure import Failure
from webhook.cluster.observer import Observer
from webhook.cluster.positions import (
    Broken,
    Change,
    Ended,
    Event,
    Labels,
    List,
    Page,
    Position,
    Put,
    Remove,
    Replace,
    after,
)

_RESYNC: Final = 1800.0
_SHORTEST_WATCH: Final = 300
_HOLLOW: Final = 1.0
# So long after its end, a watch that is about to be renewed has missed nothing to speak of.
_TRUSTED: Final = 0.5


class Times(Protocol):
    """Clocks and chance, as functions."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def wall(self) -> float:
        """The time of day, in seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def chance(self) -> float:
        """Anything in [0, 1)."""


class Listing(Protocol):
    """Where lists and watches of namespaces come from. Raises Failure."""

    def page(self, rest: str) -> Page:
        """A part of the list."""

    def changes(self, version: int, seconds: int) -> AbstractContextManager[Iterator[Change]]:
        """A watch."""


class Reflector:
    """A copy of the namespaces in *source*; ``run`` it in one thread, read it in all."""

    def __init__(self, source: Listing, times: Times, observer: Observer) -> None:
        self._source = source
        self._times = times
        self._observer = observer
        self._position = Position()
        self._known: dict[str, Labels] = {}
        self._listed_at = 0.0
        self._lost_at: float | None = times.monotonic()
        self._behind_since: float | None = None
        self._trouble = ""
        self._ready = False

    def labels(self, namespace: str) -> Labels | None:
        """What was last heard of *namespace*: its labels, or None if it is not known."""
        return self._known.get(namespace)

    @property
    def is_current(self) -> bool:
        """Whether changes are being heard as they happen."""
        lost_at = self._lost_at
        return lost_at is None or (self._ready and self._times.monotonic() - lost_at < _TRUSTED)

    def waits_for(self) -> str | None:
        """What is still to come before anything is known, in words; None once it was."""
        if self._ready:
            return None
        return f"the namespaces are not known yet: {self._trouble or 'they are being listed'}"

    def run(self) -> Never:
        """Keep the copy up, for ever."""
        self._set_behind()
        while True:
            self.turn()

    def turn(self) -> None:
        """Ask once, for a part of the list or a watch, and do what follows from the answer."""
        try:
            wanted = self._position.next
            if isinstance(wanted, List):
                self._take(self._source.page(wanted.rest))
            else:
                self._watch(wanted.version)
        except Failure as failure:
            self._tell(str(failure))
            self._take(Broken(failure.expired), failure.wait)
        except Exception as error:  # noqa: BLE001 - a bug here must not leave everybody with old answers
            self._tell(f"a bug: {''.join(traceback.format_exception(error))}")
            self._take(Broken(expired=True))

    def _watch(self, version: int) -> None:
        seconds = int(_SHORTEST_WATCH * (1 + self._times.chance()))
        heard = False
        with self._source.changes(version, seconds) as changes, self._touch():
            began = self._times.monotonic()
            for change in changes:
                heard = True
                self._take(change)
                if isinstance(self._position.next, List):
                    return
        now = self._times.monotonic()
        self._take(Ended(not heard and now - began < _HOLLOW, now - self._listed_at > _RESYNC))

    def _take(self, event: Event, at_least: float = 0.0) -> None:
        self._position, change, pauses = after(self._position, event)
        match change:
            case Replace(found):
                self._known = dict(found)
                self._listed_at = self._times.monotonic()
            case Put(_, name, labels):
                self._known[name] = labels
            case Remove(_, name):
                self._known.pop(name, None)
        if change is not None:
            self._observer.knows(len(self._known))
        if pauses:
            self._times.sleep(pause(self._position.faults, self._times.chance(), at_least))

    @contextmanager
    def _touch(self) -> Iterator[None]:
        """Changes are heard while the block runs."""
        self._lost_at = None
        if self._trouble or not self._ready:
            self._observer.said("info", f"following namespaces; {len(self._known)} are known")
        self._ready, self._trouble = True, ""
        self._behind_since = None
        self._observer.is_behind(None)
        try:
            yield
        finally:
            self._lost_at = self._times.monotonic()

    def _tell(self, trouble: str) -> None:
        """Say what is wrong, once for as long as it is the same."""
        self._set_behind()
        if trouble == self._trouble:
            return
        self._trouble = trouble
        goes_on = f"; going on with the {len(self._known)} that are known" if self._ready else ""
        self._observer.said("warning", f"cannot follow namespaces: {trouble}{goes_on}")

    def _set_behind(self) -> None:
        if self._behind_since is None:
            self._behind_since = self._times.wall()
            self._observer.is_behind(self._behind_since)
