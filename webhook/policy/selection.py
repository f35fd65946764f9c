"""Which controls are asked, where it is not simply those of a standard."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from webhook.policy.patterns import Name
from webhook.policy.standard import Level


class Selection(NamedTuple):
    """``only`` these controls of a standard by id, or all; and ``extra`` ones, each from a level on."""

    only: frozenset[str] | None = None
    extra: frozenset[tuple[str, Level]] = frozenset()

    @property
    def asks_at_privileged(self) -> bool:
        """Whether anything is asked even where the standard asks for nothing."""
        return any(level is Level.PRIVILEGED for _, level in self.extra)


ALL: Final = Selection()
"""The controls of the standard, as they are."""


class Wanted(NamedTuple):
    """An extra control that is asked at ``level`` and at stricter ones: in ``namespaces``, or in all."""

    control: str
    level: Level
    namespaces: tuple[Name, ...] = ()

    def is_asked_in(self, namespace: str) -> bool:
        """Whether pods in *namespace* are asked."""
        return not self.namespaces or any(each.covers(namespace) for each in self.namespaces)


def selection_in(namespace: str, only: frozenset[str] | None, wanted: Iterable[Wanted]) -> Selection:
    """What is asked of pods in *namespace*."""
    extra = frozenset([(each.control, each.level) for each in wanted if each.is_asked_in(namespace)])
    return Selection(only, extra) if extra or only is not None else ALL
