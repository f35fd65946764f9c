"""How long things live, and what may be chosen. PURE."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_LEAST_SOAK: Final = timedelta(minutes=2)
"""The kubelet brings a changed Secret to a pod within 30 to 100 s; API servers hear of a bundle sooner."""
_LEAST_LEAF: Final = timedelta(days=7)
"""A third of it is left for whoever must notice that renewal fails: a long weekend."""
_LEAVES_IN_AN_AUTHORITY: Final = 4
"""An authority is followed at two thirds of its life: its leaves must fit into the rest."""


class BadPeriods(ValueError):
    """These periods would not be safe; the message says which bound they break."""


@dataclass(frozen=True, slots=True)
class Periods:
    """The lives of an authority and of a leaf, and how long a bundle is published before it is relied on."""

    authority: timedelta = timedelta(days=365)
    leaf: timedelta = timedelta(days=60)
    soak: timedelta = timedelta(minutes=3)

    def checked(self, *, short: bool = False) -> "Periods":
        """These periods, if they are safe; *short* ones are for trials. Raises BadPeriods."""
        if self.authority < _LEAVES_IN_AN_AUTHORITY * self.leaf:
            raise BadPeriods("an authority must live at least 4 times as long as a leaf")
        if self.leaf < 4 * self.soak:
            raise BadPeriods("a leaf must live at least 4 times as long as the soak")
        if not short and self.soak < _LEAST_SOAK:
            raise BadPeriods("the soak must be at least 2 minutes: a changed Secret takes that long to pods")
        if not short and self.leaf < _LEAST_LEAF:
            raise BadPeriods("a leaf must live at least 7 days: people must have time to mend what fails")
        return self
