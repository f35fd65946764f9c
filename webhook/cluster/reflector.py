"""Objects of a kind as the API server has them, kept up by a thread of our own.

What happens when is decided in ``webhook.cluster.positions``; here it is carried out, and told.
"""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from typing import Final, Generic, Protocol, TypeVar

from webhook.cluster.backoff import pause
from webhook.cluster.failure import Failure
from webhook.cluster.observer import Following, Severity
from webhook.cluster.positions import (
    Absent,
    Broken,
    Change,
    Ended,
    Event,
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
# A kind that is not there may be installed one day: somebody who waits for that waits about a minute.
_ABSENCE: Final = 60.0

_Kept = TypeVar("_Kept")
_Copied_contra = TypeVar("_Copied_contra", contravariant=True)


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


class Listing(Protocol[_Kept]):
    """Where lists and watches come from. Raises Failure."""

    def page(self, rest: str) -> Page[_Kept]:
        """A part of the list."""

    def changes(self, version: int, seconds: int) -> AbstractContextManager[Iterator[Change[_Kept]]]:
        """A watch."""


class Copy(Protocol[_Copied_contra]):
    """Where what is heard is kept."""

    def known(self) -> int:
        """How many objects are known."""

    def replace(self, found: Mapping[str, _Copied_contra]) -> None:
        """These are all objects."""

    def put(self, name: str, kept: _Copied_contra) -> None:
        """An object was made, or changed."""

    def remove(self, name: str) -> None:
        """An object is gone, if it was there."""


class _Nobody:
    """Who is told when it is over."""

    def said(self, severity: Severity, message: str) -> None:
        """Nothing comes of it; nor of what follows."""

    def knows(self, number: int) -> None:
        """As above."""

    def is_behind(self, since: float | None) -> None:
        """As above."""


class Reflector(Generic[_Kept]):
    """Keeps *copy* as the objects in *source* are, which people call *called*; ``run`` it in one thread.

    *absence* says what it means that there is no such kind of object; without it, that is a fault.
    """

    def __init__(  # noqa: PLR0913 - where from, where to, by which clock, and who is told what
        self,
        source: Listing[_Kept],
        copy: Copy[_Kept],
        times: Times,
        observer: Following,
        *,
        called: str,
        absence: str = "",
    ) -> None:
        self._source = source
        self._copy = copy
        self._times = times
        self._observer: Following = observer
        self._called = called
        self._absence = absence
        self._position: Position[_Kept] = Position()
        self._listed_at = 0.0
        self._lost_at: float | None = times.monotonic()
        self._behind_since: float | None = None
        self._trouble = ""
        self._ready = False
        self._stopped = False

    @property
    def is_current(self) -> bool:
        """Whether changes are being heard as they happen."""
        lost_at = self._lost_at
        return lost_at is None or (self._ready and self._times.monotonic() - lost_at < _TRUSTED)

    def waits_for(self) -> str | None:
        """What is still to come before anything is known, in words; None once it was."""
        if self._ready:
            return None
        return f"the {self._called} are not known yet: {self._trouble or 'they are being listed'}"

    def run(self) -> None:
        """Keep the copy up until it is stopped."""
        self._set_behind()
        while not self._stopped:
            self.turn()

    def stop(self) -> None:
        """Let ``run`` return when it next hears something, within a minute or so; nobody is told any more."""
        observer, self._observer = self._observer, _Nobody()
        self._stopped = True
        # Of nothing that is followed, none is known, and nobody is behind.
        observer.knows(0)
        observer.is_behind(None)

    def turn(self) -> None:
        """Ask once, for a part of the list or a watch, and do what follows from the answer."""
        try:
            wanted = self._position.next
            if isinstance(wanted, List):
                self._take(self._source.page(wanted.rest))
            else:
                self._watch(wanted.version)
        except Failure as failure:
            if self._absence and failure.status == HTTPStatus.NOT_FOUND:
                self._miss()
                return
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
                if isinstance(self._position.next, List) or self._stopped:
                    return
        now = self._times.monotonic()
        self._take(Ended(not heard and now - began < _HOLLOW, now - self._listed_at > _RESYNC))

    def _take(self, event: Event[_Kept], at_least: float = 0.0) -> None:
        self._position, change, pauses = after(self._position, event)
        match change:
            case Replace(found):
                self._copy.replace(found)
                self._listed_at = self._times.monotonic()
            case Put(_, name, kept):
                self._copy.put(name, kept)
            case Remove(_, name):
                self._copy.remove(name)
        if change is not None:
            self._observer.knows(self._copy.known())
        if pauses:
            self._times.sleep(pause(self._position.faults, self._times.chance(), at_least))

    @contextmanager
    def _touch(self) -> Iterator[None]:
        """Changes are heard while the block runs."""
        self._lost_at = None
        if self._trouble or not self._ready:
            self._observer.said("info", f"following {self._called}; {self._copy.known()} are known")
        self._ready, self._trouble = True, ""
        self._set_current()
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
        goes_on = f"; going on with the {self._copy.known()} that are known" if self._ready else ""
        self._observer.said("warning", f"cannot follow {self._called}: {trouble}{goes_on}")

    def _miss(self) -> None:
        """Take in that there is no such kind of object, and look again after a while."""
        self._take(Absent())
        # There is nothing of which one could be behind.
        self._set_current()
        if self._trouble != self._absence:
            self._trouble = self._absence
            self._observer.said("info", self._absence)
        self._times.sleep(_ABSENCE * (0.5 + self._times.chance()))

    def _set_current(self) -> None:
        self._behind_since = None
        self._observer.is_behind(None)

    def _set_behind(self) -> None:
        if self._behind_since is None:
            self._behind_since = self._times.wall()
            self._observer.is_behind(self._behind_since)
