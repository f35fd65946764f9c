"""How a list and a watch are kept up: after every event, what to change, and what to ask next.

PURE: events and positions are values. The rules are those of "Kubernetes API Concepts", section "Efficient
detection of changes": list, watch from the list's version, go on from the last version heard of, and list
anew when the API server has forgotten it. What is known stays known until a new list is complete.
"""

from collections.abc import Mapping
from typing import Generic, NamedTuple, TypeAlias, TypeVar

_Kept = TypeVar("_Kept")
"""What is kept of an object."""


class Page(NamedTuple, Generic[_Kept]):
    """A part of a list: of the version *version*, and going on at *rest* where that is not empty."""

    found: Mapping[str, _Kept]
    version: int
    rest: str = ""


class Put(NamedTuple, Generic[_Kept]):
    """An object was made, or changed."""

    version: int
    name: str
    kept: _Kept


class Remove(NamedTuple):
    """An object is gone."""

    version: int
    name: str


class Bookmark(NamedTuple):
    """Nothing changed up to *version*."""

    version: int


class Ended(NamedTuple):
    """A watch ended; *hollow* if it did at once and told nothing, *due* if it is time for a list."""

    hollow: bool
    due: bool


class Broken(NamedTuple):
    """What was asked failed; *expired* where it cannot be gone on with."""

    expired: bool


class Absent(NamedTuple):
    """There are no objects of this kind here, nor could there be: nobody has defined it."""


Change: TypeAlias = Put[_Kept] | Remove | Bookmark
Event: TypeAlias = Page[_Kept] | Put[_Kept] | Remove | Bookmark | Ended | Broken | Absent


class List(NamedTuple):
    """Ask for a list, or the rest of one."""

    rest: str


class Watch(NamedTuple):
    """Ask for all changes after *version*."""

    version: int


class Replace(NamedTuple, Generic[_Kept]):
    """These are all objects."""

    found: Mapping[str, _Kept]


class Position(NamedTuple, Generic[_Kept]):
    """How far we are: watching from *version* on, or listing where there is none; *faults* in a row."""

    version: int | None = None
    rest: str = ""
    found: tuple[Mapping[str, _Kept], ...] = ()
    faults: int = 0

    @property
    def next(self) -> List | Watch:
        """What to ask for."""
        return List(self.rest) if self.version is None else Watch(self.version)


class Step(NamedTuple, Generic[_Kept]):
    """Where an event leads, what it changes, and whether to pause before asking again."""

    position: Position[_Kept]
    change: Replace[_Kept] | Put[_Kept] | Remove | None = None
    pauses: bool = False


def after(position: Position[_Kept], event: Event[_Kept]) -> Step[_Kept]:
    """The step from *position* on *event*."""
    match event:
        case Page():
            return _listed(position, event)
        case Ended(hollow, due):
            if hollow:
                return _faulty(position)
            return Step(Position(None if due else position.version))
        case Broken(expired):
            return _faulty(Position(faults=position.faults) if expired else position)
        case Absent():
            return Step(Position(), Replace({}))
        case _:
            return _heard(position, event)


def _listed(position: Position[_Kept], page: Page[_Kept]) -> Step[_Kept]:
    found = (*position.found, page.found)
    if page.rest:
        return Step(position._replace(rest=page.rest, found=found))
    everything = {name: kept for part in found for name, kept in part.items()}
    # Faults are still counted: a version that no watch knows must not make us list without a pause.
    return Step(Position(page.version, faults=position.faults), Replace(everything))


def _heard(position: Position[_Kept], change: Change[_Kept]) -> Step[_Kept]:
    """The step on what a watch told. One that goes back in time has lost something, nobody knows what."""
    known = position.version
    is_bookmark = isinstance(change, Bookmark)
    if known is None or change.version < known or (change.version == known and not is_bookmark):
        return _faulty(Position(faults=position.faults))
    return Step(Position(change.version), None if isinstance(change, Bookmark) else change)


def _faulty(position: Position[_Kept]) -> Step[_Kept]:
    return Step(position._replace(faults=position.faults + 1), pauses=True)
