"""The values that one argument of a call may still have, once conditions on it are known to hold or not.

Exact over unsigned numbers of 64 bits: bounds, bits that are known, and patterns that must not be met. To ask
whether any value is left is cheap for what profiles say, but hard in the worst case (a pattern is a clause
over bits), so the search is counted.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from webhook.seccomp.loaded import WHOLE, Comparison, Condition

LOWER: Final = (1 << 32) - 1
"""The lower half of an argument, and its greatest value."""


class Undecided(Exception):
    """The question takes more steps than it is given."""


class Steps:
    """How much work is left. Raises Undecided when there is none."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int = 1) -> None:
        """Spend so many."""
        self.left -= count
        if self.left < 0:
            raise Undecided


class Domain(NamedTuple):
    """A set of values that is not empty: ``member`` is one of them, as small as was easy to find.

    A value belongs to it if it is between ``low`` and ``high``, is ``bits`` under ``mask``, is for no pattern
    ``(mask, bits)`` of ``barred`` those bits under that mask, and its lower half is in the range ``lower``.
    """

    low: int = 0
    high: int = WHOLE
    mask: int = 0
    bits: int = 0
    barred: tuple[tuple[int, int], ...] = ()
    member: int = 0
    lower: tuple[int, int] = (0, LOWER)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and _has(self, value)


WHOLE_DOMAIN: Final = Domain()
LOWER_HALF: Final = Domain(high=LOWER)
"""What a filter sees of an argument on an architecture of 32 bits."""


def narrowed(domain: Domain, condition: Condition, *, holds: bool, steps: Steps) -> Domain | None:
    """The part of *domain* where *condition* holds, or does not; None if there is none. Raises Undecided."""
    steps.take()
    smaller = (_HOLDING if holds else _FAILING)[condition.op](domain, condition)
    if smaller is None or smaller is domain or _has(smaller, smaller.member):
        return smaller
    found = _member(smaller, steps)
    return None if found is None else smaller._replace(member=found)


def _between(domain: Domain, low: int, high: int) -> Domain | None:
    low, high = max(low, domain.low), min(high, domain.high)
    return domain._replace(low=low, high=high, member=max(domain.member, low)) if low <= high else None


def _matching(domain: Domain, mask: int, wanted: int) -> Domain | None:
    if wanted & ~mask or (domain.bits ^ wanted) & domain.mask & mask:
        return None
    return domain._replace(mask=domain.mask | mask, bits=domain.bits | wanted)


def _without(domain: Domain, mask: int, barred: int) -> Domain | None:
    if barred & ~mask or (domain.bits ^ barred) & domain.mask & mask:
        return domain  # nothing in it is like that
    if mask == WHOLE:
        if barred == domain.low:
            return _between(domain, barred + 1, WHOLE)
        if barred == domain.high:
            return _between(domain, 0, barred - 1)
        if not domain.low < barred < domain.high:
            return domain
    return domain._replace(barred=(*domain.barred, (mask, barred)))


def _lower(domain: Domain, low: int, high: int) -> Domain | None:
    low, high = max(low, domain.lower[0]), min(high, domain.lower[1])
    return domain._replace(lower=(low, high)) if low <= high else None


def _from(domain: Domain, value: int, mask: int) -> Domain | None:
    return _lower(domain, value, LOWER) if mask == LOWER else _between(domain, value, WHOLE)


def _below(domain: Domain, value: int, mask: int) -> Domain | None:
    return _lower(domain, 0, value - 1) if mask == LOWER else _between(domain, 0, value - 1)


_Narrowing = Callable[[Domain, Condition], Domain | None]
_HOLDING: Final[dict[Comparison, _Narrowing]] = {
    Comparison.EQ: lambda domain, of: _between(domain, of.value, of.value),
    Comparison.NE: lambda domain, of: _without(domain, WHOLE, of.value),
    Comparison.LT: lambda domain, of: _between(domain, 0, of.value - 1),
    Comparison.LE: lambda domain, of: _between(domain, 0, of.value),
    Comparison.GT: lambda domain, of: _from(domain, of.value + 1, of.mask),
    Comparison.GE: lambda domain, of: _from(domain, of.value, of.mask),
    Comparison.MASKED_EQ: lambda domain, of: _matching(domain, of.value, of.value_two),
}
_FAILING: Final[dict[Comparison, _Narrowing]] = {
    Comparison.EQ: _HOLDING[Comparison.NE],
    Comparison.NE: _HOLDING[Comparison.EQ],
    Comparison.LT: _HOLDING[Comparison.GE],
    Comparison.LE: _HOLDING[Comparison.GT],
    Comparison.GT: lambda domain, of: _below(domain, of.value + 1, of.mask),
    Comparison.GE: lambda domain, of: _below(domain, of.value, of.mask),
    Comparison.MASKED_EQ: lambda domain, of: _without(domain, of.value, of.value_two),
}


def _has(domain: Domain, value: int) -> bool:
    low, high, mask, bits, barred, _, (least, greatest) = domain
    if not least <= value & LOWER <= greatest:
        return False
    return low <= value <= high and value & mask == bits and not any(value & m == v for m, v in barred)


def _member(domain: Domain, steps: Steps) -> int | None:
    """A value of *domain*, whose own member may be none."""
    candidate = domain.low
    # Upwards from the lowest, over each pattern that is in the way: ends soon for single values.
    for _ in range(len(domain.barred) + 8):
        steps.take(1 + len(domain.barred) // 16)
        aligned = _next(candidate, domain)
        if aligned is None or aligned > domain.high:
            return None
        met = [mask for mask, bits in domain.barred if aligned & mask == bits]
        if not met:
            return aligned
        if 0 in met:
            return None
        # Below the lowest bit of a pattern's mask, no bit takes a value out of the pattern.
        lowest = max((mask & -mask).bit_length() - 1 for mask in met)
        candidate = ((aligned >> lowest) + 1) << lowest
    return _searched(domain, steps)


def _searched(domain: Domain, steps: Steps) -> int | None:
    """A value of *domain*, by trying bits: those first of which a pattern leaves the least choice."""
    open_domains = [domain]
    while open_domains:
        tried = open_domains.pop()
        low, high, mask, bits, barred, _, lower = tried
        steps.take(1 + len(barred) // 16)
        least = _next(low, tried)
        if least is None or least > high:
            continue
        # A pattern that the known bits contradict is no longer in the way.
        barred = tuple((m, v) for m, v in barred if not (bits ^ v) & mask & m)
        if not barred:
            return least
        tightest, wanted = min(barred, key=lambda pattern: (pattern[0] & ~mask).bit_count())
        free = tightest & ~mask
        if not free:
            continue
        bit = 1 << (free.bit_length() - 1)
        # The last is tried first: it settles the pattern.
        open_domains += [
            Domain(low, high, mask | bit, bits | chosen, barred, 0, lower)
            for chosen in (wanted & bit, ~wanted & bit)
        ]
    return None


def _next(least: int, domain: Domain) -> int | None:
    """The smallest value from *least* on with the known bits and a lower half in its range; None if none."""
    mask, bits, (lowest, greatest) = domain.mask, domain.bits, domain.lower
    if lowest == 0 and greatest == LOWER:
        return _aligned(least, mask, bits, WHOLE)
    upper, halves = least >> 32, (mask & LOWER, bits & LOWER, LOWER)
    if upper & mask >> 32 == bits >> 32:
        lower = _aligned(max(least & LOWER, lowest), *halves)
        if lower is not None and lower <= greatest:
            return upper << 32 | lower
    raised = _aligned(upper + 1, mask >> 32, bits >> 32, LOWER)
    lower = _aligned(lowest, *halves)
    if raised is None or raised > LOWER or lower is None or lower > greatest:
        return None
    return raised << 32 | lower


def _aligned(least: int, mask: int, bits: int, whole: int) -> int | None:
    """The smallest value from *least* up to *whole* that is *bits* under *mask*; None if there is none."""
    if least & mask == bits:
        return least
    # At the highest bit that is wrong: is it to be set, all below is as small as can be; is it to be
    # clear, a free bit above it that is 0 must become 1 first.
    wrong = (least ^ bits) & mask
    top = 1 << (wrong.bit_length() - 1)
    if bits & top:
        kept = least & ~((top << 1) - 1)
        return kept | bits & ((top << 1) - 1)
    raised = ~least & ~mask & whole & ~((top << 1) - 1)
    if not raised:
        return None
    lowest = raised & -raised
    return (least & ~((lowest << 1) - 1)) | lowest | bits & (lowest - 1)
