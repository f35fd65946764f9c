"""How long to leave the API server alone after faults. PURE: chance is an argument."""

from typing import Final

FIRST: Final = 0.25
LONGEST: Final = 5.0
_DOUBLINGS: Final = 10


def pause(faults: int, chance: float, at_least: float = 0.0) -> float:
    """Seconds to wait after so many *faults* in a row, with *chance* in [0, 1).

    Exponential with full jitter, so that webhooks which lost the API server at the same moment do not come
    back at the same moment. Never less than *at_least*, the API server's own wish.
    """
    return at_least + chance * min(LONGEST, FIRST * 2.0 ** min(max(faults - 1, 0), _DOUBLINGS))
