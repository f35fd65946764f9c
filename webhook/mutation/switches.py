"""Which defaults are put in."""

from collections.abc import Iterable
from typing import Final, NamedTuple, Self

from webhook.mutation.defaults import DEFAULTS


class Switches(NamedTuple):
    """A switch for each default: ``on`` are the ids of those that are put in."""

    on: frozenset[str]

    @classmethod
    def of(cls, ids: Iterable[str]) -> Self:
        """The switches with those of *ids* on, and all others off. Raises ValueError for an unknown id."""
        on = frozenset(ids)
        if unknown := sorted(on - KNOWN):
            raise ValueError(f"no such default: {', '.join(unknown)}; there are {', '.join(sorted(KNOWN))}")
        return cls(on)


KNOWN: Final = frozenset(each.id for each in DEFAULTS)
"""The ids of all defaults."""

STANDARD: Final = Switches.of(each.id for each in DEFAULTS if each.is_on)
"""The switches where nobody turned any."""

RESTRICTED: Final = Switches.of(each.id for each in DEFAULTS if each.cures)
"""The bundle: whatever the level restricted asks for and a default can put in."""

NONE: Final = Switches.of(())
