"""Filters in which rules overlap, contradict and repeat each other, and calls that are near what they ask."""

from collections.abc import Iterator
from random import Random

from hypothesis import strategies as st

from tests.conformance.exporter import FilterRule, FilterText
from webhook.seccomp.actions import Action, Outcome
from webhook.seccomp.architectures import X32, X86_64
from webhook.seccomp.call import Arguments, Call
from webhook.seccomp.loaded import WHOLE, Comparison, Condition
from webhook.seccomp.syscalls import number_of

X86, AARCH64 = "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64"
ARCHITECTURES = (X86_64, X86, X32, AARCH64)
# Of one number on each architecture, of several, of none, and made through other calls.
NAMES = ("mkdir", "socket", "read", "write", "clone", "semop", "socketcall", "chown", "ioctl", "ipc")
OUTCOMES = (
    *(Outcome(action) for action in Action if action not in {Action.ERRNO, Action.TRACE}),
    *(Outcome(action, data) for action in (Action.ERRNO, Action.TRACE) for data in (0, 1, 38)),
)
_HALF, _LOW = 1 << 32, (1 << 32) - 1
VALUES = (
    0, 1, 2, 3, 5, 1 << 31, _LOW - 1, _LOW, _HALF, _HALF + 1, _HALF + 2, 2 * _HALF - 1, 2 * _HALF, WHOLE - 1,
    WHOLE,
)  # fmt: skip
MASKS = (0, 1, 3, 0xFF, _LOW, WHOLE ^ _LOW, WHOLE, _HALF + 1, 0xF * _HALF)
_NUMBERS = (0, 102, 117, 450, 0xFFFFFFFF, 0x40000001, 0x80000001)


@st.composite
def conditions(draw: st.DrawFn, number: int) -> Condition:
    """A condition on the argument *number*."""
    op = draw(st.sampled_from(Comparison))
    if op is Comparison.MASKED_EQ:
        return Condition(number, op, draw(st.sampled_from(MASKS)), draw(st.sampled_from(VALUES)))
    return Condition(number, op, draw(st.sampled_from(VALUES)))


@st.composite
def filters(draw: st.DrawFn) -> FilterText:
    """A filter: few calls, so that their rules meet."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2))
    default, *outcomes = draw(st.lists(st.sampled_from(OUTCOMES), min_size=2, max_size=3, unique=True))
    width = draw(st.sampled_from((1, 1, 2, 2, 3, 6)))
    rules = []
    for _ in range(draw(st.integers(1, 6))):
        numbers = draw(st.lists(st.integers(0, width - 1), unique=True, max_size=min(width, 3)))
        rules.append(
            FilterRule(
                draw(st.sampled_from(names)),
                draw(st.sampled_from(outcomes)),
                tuple(draw(conditions(number)) for number in numbers),
            )
        )
    others = draw(st.lists(st.sampled_from(ARCHITECTURES[1:]), unique=True, max_size=2))
    return FilterText(default, draw(st.booleans()), tuple(others), tuple(rules))


def calls(text: FilterText, seed: int, count: int) -> Iterator[Call]:
    """Calls that rules of *text* name, with arguments on both sides of what they compare."""
    # Not drawn one by one: that would take longer than all else.
    random = Random(seed)  # noqa: S311 - nothing secret
    values = [*VALUES, *(each.value for rule in text.rules for each in rule.conditions)]
    for _ in range(count):
        architecture = random.choice((X86_64, *ARCHITECTURES))
        number = number_of(random.choice(text.rules).name, architecture)
        if number is None or random.random() < 0.05:
            number = random.choice(_NUMBERS)
        arguments = tuple(_near(random, values) for _ in range(6))
        yield Call(architecture, number, _six(arguments))


def _near(random: Random, values: list[int]) -> int:
    value = random.choice(values)
    kind = random.random()
    if kind < 0.3:
        return (value + random.choice((-1, 1))) & WHOLE
    return value ^ 1 << random.randrange(64) if kind < 0.4 else value


def _six(arguments: tuple[int, ...]) -> Arguments:
    first, second, third, fourth, fifth, sixth = arguments
    return first, second, third, fourth, fifth, sixth
