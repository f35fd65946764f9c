"""How often a bundle is put back that somebody else keeps writing over. PURE: the clock is an argument."""

from typing import Final, NamedTuple

_AT_ONCE: Final = 2
_FIRST: Final = 2.0
_LONGEST: Final = 60.0
_PEACE: Final = 300.0
"""Seconds without another word after which a quarrel is over."""


class Pace(NamedTuple):
    """What is remembered of a configuration: how often in a row it was put right, and when, in seconds."""

    times: int = 0
    last: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until it may be put right again: none at first, then ever more up to a minute."""
        if self.times < _AT_ONCE or now - self.last >= _PEACE:
            return 0.0
        pause = min(_LONGEST, _FIRST * 2.0 ** min(self.times - _AT_ONCE, 10))
        return max(0.0, self.last + pause - now)

    def again(self, now: float) -> "Pace":
        """What is remembered after it was put right *now*."""
        return Pace(1 if now - self.last >= _PEACE else self.times + 1, now)

    @property
    def is_a_quarrel(self) -> bool:
        """Whether somebody else keeps writing."""
        return self.times > _AT_ONCE
