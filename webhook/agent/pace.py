"""When the agent does what: 5,000 of them share one API server. Chance is an argument."""

from typing import Final

_FIRST: Final = 1.0
_LONGEST: Final = 300.0
_DOUBLINGS: Final = 10
_SPREAD: Final = 0.2


def retry_after(faults: int, chance: float, at_least: float = 0.0) -> float:
    """Seconds to wait after so many *faults* in a row, with *chance* in [0, 1); never less than *at_least*.

    Exponential with jitter, up to five minutes: agents that lost the API server at one moment do not come
    back at one moment.
    """
    return at_least + (0.5 + chance / 2) * min(_LONGEST, _FIRST * 2.0 ** min(faults - 1, _DOUBLINGS))


def around(interval: float, chance: float) -> float:
    """*interval*, up to a fifth shorter or longer: nodes that started together drift apart."""
    return interval * (1 + _SPREAD * (2 * chance - 1))
