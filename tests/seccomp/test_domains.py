"""Sets of values are what their conditions say, and to know whether one is empty takes a bounded time."""

from random import Random

import pytest

from webhook.seccomp.domains import LOWER, Domain, Steps, Undecided, narrowed
from webhook.seccomp.loaded import WHOLE, Comparison, Condition
from webhook.seccomp.verdict import holds

BITS = 6
EVERY = range(1 << BITS)
PLENTY = 1_000_000


def met(condition: Condition, value: int) -> bool:
    return holds(condition, (value, 0, 0, 0, 0, 0))


def condition(random: Random) -> Condition:
    op = random.choice((*Comparison, *[Comparison.MASKED_EQ] * 5))
    value = random.randrange(len(EVERY) + 2)
    if op is Comparison.MASKED_EQ:
        return Condition(0, op, value, random.choice(EVERY) & random.choice((value, value, value, WHOLE)))
    return Condition(0, op, value)


@pytest.mark.parametrize("seed", range(20))
def test_a_domain_holds_exactly_the_values_that_its_conditions_leave(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        domain: Domain | None = Domain(high=EVERY[-1])
        left = set(EVERY)
        while left and domain:
            added, is_met = condition(random), random.random() < 0.3
            left = {value for value in left if met(added, value) is is_met}
            domain = narrowed(domain, added, holds=is_met, steps=Steps(PLENTY))

            assert {value for value in EVERY if domain and value in domain} == left
            assert (domain.member in left) if domain else not left


HALVES = [upper << 32 | lower for upper in range(8) for lower in range(8)]


def condition_on_halves(random: Random) -> Condition:
    value = random.choice(HALVES)
    match random.choice((*Comparison, Comparison.MASKED_EQ, "lower", "lower", "lower")):
        case Comparison.MASKED_EQ:
            return pattern(value, random.choice(HALVES) & value)
        case Comparison() as op:
            return Condition(0, op, value)
    op = random.choice((Comparison.GT, Comparison.GE))
    return Condition(0, op, value & LOWER, mask=LOWER)


@pytest.mark.parametrize("seed", range(10))
def test_a_comparison_of_the_lower_half_is_exact_too(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(100):
        domain: Domain | None = Domain(mask=WHOLE ^ (7 << 32 | 7))
        left = set(HALVES)
        while left and domain:
            added, is_met = condition_on_halves(random), random.random() < 0.4
            left = {value for value in left if met(added, value) is is_met}
            domain = narrowed(domain, added, holds=is_met, steps=Steps(PLENTY))

            assert {value for value in HALVES if domain and value in domain} == left
            assert (domain.member in left) if domain else not left


def pattern(mask: int, value: int) -> Condition:
    return Condition(0, Comparison.MASKED_EQ, mask, value)


def test_a_value_is_found_where_one_by_one_would_take_for_ever() -> None:
    domain: Domain | None = Domain()
    # Neither of them may be met, so bit 63 must be set: no value below 2**63 will do.
    for barred in (pattern(1 << 63 | 1, 0), pattern(1 << 63 | 1, 1)):
        assert domain
        domain = narrowed(domain, barred, holds=False, steps=Steps(PLENTY))

    assert domain
    assert domain.member >> 63


def test_patterns_that_leave_nothing_are_seen_to() -> None:
    domain: Domain | None = Domain()
    # Every pattern over eight bits far apart: nothing is left, and only the last of them says so.
    bits = [1 << (8 * at) for at in range(8)]
    masks = [sum(bit for at, bit in enumerate(bits) if chosen >> at & 1) for chosen in range(256)]
    for wanted in masks:
        assert domain
        domain = narrowed(domain, pattern(sum(bits), wanted), holds=False, steps=Steps(PLENTY))

    assert domain is None


def test_what_is_too_hard_is_given_up() -> None:
    with pytest.raises(Undecided):
        hard(Steps(300))


def hard(steps: Steps) -> None:
    """Bar clauses of three bits: at some density of them it is hard to tell whether a value is left."""
    random = Random(4)  # noqa: S311 - repeatable, not secret
    domain: Domain | None = Domain()
    for _ in range(2_000):
        mask = sum(1 << bit for bit in random.sample(range(64), 3))
        assert domain, "found to be empty in less"
        domain = narrowed(domain, pattern(mask, random.getrandbits(64) & mask), holds=False, steps=steps)
