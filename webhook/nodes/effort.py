"""How much is done for one request: others wait meanwhile."""

from typing import Final

MOST_PROFILES: Final = 64
"""Profiles that are looked for: no pod has more containers that each need their own."""

MOST_HINTS: Final = 4
"""Missing profiles of which it is asked what was meant instead: that takes longer than to miss them."""


class Effort:
    """What was done already for one request, whatever number of pods it is about."""

    def __init__(self) -> None:
        # A tuple is known by what it is, not by thousands of names: it is kept, so no other can be it.
        self._looked_for: dict[tuple[int, str, str], tuple[str, ...]] = {}
        self._hints = 0

    def may_look_for(self, kind: str, name: str, nodes: tuple[str, ...]) -> bool:
        """Whether a profile may be looked for on *nodes*; one that was looked for there always may."""
        key = (id(nodes), kind, name)
        if key not in self._looked_for:
            if len(self._looked_for) >= MOST_PROFILES:
                return False
            self._looked_for[key] = nodes
        return True

    @property
    def may_hint(self) -> bool:
        """Whether it may be asked once more what was meant."""
        return self._hints < MOST_HINTS

    def hinted(self) -> None:
        """It was asked."""
        self._hints += 1
