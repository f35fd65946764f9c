"""Whether nodes are followed: as long as the configuration asks for anything of the profiles they hold."""

from typing import Final, Protocol

from webhook.config import Settings
from webhook.nodes.localhost_profiles import Mode
from webhook.server.configuration import Observer


class Follow(Protocol):
    """Follows nodes from now on, or no more."""

    def __call__(self, *, wanted: bool) -> None:
        """Called for every configuration; most change nothing of this."""


class InventorySwitch:
    """Tells *follow* what every configuration wants, and *observer* what it is told itself."""

    def __init__(self, observer: Observer, follow: Follow) -> None:
        self._follow: Final = follow
        self._observer: Final = observer

    def begins(self, settings: Settings) -> None:
        """*settings* hold from the start."""
        self._follow(wanted=asks_for_profiles(settings))

    def changed(self, old: Settings, new: Settings) -> None:
        """*new* holds from now on."""
        self._observer.changed(old, new)
        self._follow(wanted=asks_for_profiles(new))

    def kept(self, problem: str) -> None:
        """The last good one stays, because of *problem*."""
        self._observer.kept(problem)

    def expired(self, names: frozenset[str], number: int) -> None:
        """These exceptions have ended, *number* all in all."""
        self._observer.expired(names, number)


def asks_for_profiles(settings: Settings) -> bool:
    """Whether anything is asked of profiles of nodes, anywhere."""
    wanted = settings.localhost_profiles
    return any(mode is not Mode.OFF for mode in (wanted.mode, *(each.mode for each in wanted.namespaces)))
