"""Filters at random, small enough to disagree often: few calls, few values, many ways to compare."""

from random import Random

from webhook.seccomp.actions import EPERM, Action, Outcome
from webhook.seccomp.architectures import X32, X86_64
from webhook.seccomp.call import Arguments, Call
from webhook.seccomp.loaded import WHOLE, Comparison, Condition, Loaded, LoadedRule
from webhook.seccomp.profile import Place
from webhook.seccomp.syscalls import number_of

ARCHITECTURES = (X86_64, "SCMP_ARCH_X86", X32)
CALLS = ("socket", "clone", "personality", "mount")
OUTCOMES = (
    Outcome(Action.ALLOW),
    Outcome(Action.ALLOW),
    Outcome(Action.LOG),
    Outcome(Action.ERRNO, EPERM),
    Outcome(Action.ERRNO, 38),
    Outcome(Action.KILL_PROCESS),
)
VALUES = (0, 1, 2, 3, 8, 38, 40, 0x7E020000, 0xFFFFFFFF, 1 << 32, (1 << 32) + 40, 1 << 63, WHOLE)


def condition(random: Random) -> Condition:
    op = random.choice((*Comparison, Comparison.MASKED_EQ))
    number, value = random.choice((0, 0, 0, 1, 2)), random.choice(VALUES)
    if op is Comparison.MASKED_EQ:
        value = random.choice((1, 3, 8, 0x7E020000, 0xFFFFFFFF, 1 << 40, WHOLE, 0))
        return Condition(number, op, value, random.choice(VALUES) & random.choice((value, WHOLE)))
    if op in {Comparison.GT, Comparison.GE} and random.random() < 0.2:
        # As libseccomp makes of some rules: it compares what another condition's mask has left.
        return Condition(
            number, op, value, mask=random.choice((7, 0xA4, 3 << 32, 1 << 63, 0xFFFFFFFF, 0xFFFFFFFF << 32))
        )
    return Condition(number, op, value)


def rules(random: Random) -> tuple[LoadedRule, ...]:
    return tuple(
        LoadedRule(
            tuple(condition(random) for _ in range(random.choice((0, 1, 1, 1, 2, 3)))),
            random.choice(OUTCOMES),
            Place(line, f"syscalls[{line}]"),
        )
        for line in range(random.randint(0, 5))
    )


def loaded(random: Random) -> Loaded:
    """A filter as a runtime may have made it, and as none ever would."""
    if random.random() < 0.03:
        return Loaded(Outcome(Action.ALLOW), {}, {}, is_filter=False)
    architectures = random.sample(ARCHITECTURES, random.choice((1, 1, 1, 2, 3)))
    filters = {
        architecture: {
            number: rules(random)
            for name in CALLS
            if (number := number_of(name, architecture)) is not None and random.random() < 0.8
        }
        for architecture in architectures
    }
    above = {each: max(filters[each], default=0) for each in architectures} if random.random() < 0.4 else {}
    # Filters with one default action have less to tell of the calls that nobody names.
    default = random.choice((*[Outcome(Action.ERRNO, EPERM)] * 5, random.choice(OUTCOMES)))
    return Loaded(default, filters, above)


def call(random: Random, *filters: Loaded) -> Call:
    """A call near to what the filters compare with."""
    architecture = random.choice(ARCHITECTURES)
    number = number_of(random.choice((*CALLS, "read", "chmod", "unshare")), architecture)
    assert number is not None
    near = [
        value
        for each in filters
        for rule in each.filters.get(architecture, {}).get(number, ())
        for condition in rule.conditions
        for value in (condition.value, condition.value_two)
    ]
    return Call(architecture, number, arguments(random, near))


def arguments(random: Random, near: list[int]) -> Arguments:
    def argument() -> int:
        value = random.choice((*near, *VALUES, random.getrandbits(64)))
        changed = random.choice(
            (
                0,
                0,
                1,
                -1,
                1 << 32,
                1 << random.randrange(64),
                random.choice((0, *near)),
                random.getrandbits(6),
            )
        )
        return random.choice((value + changed, value ^ (changed & WHOLE), value | (changed & WHOLE))) & WHOLE

    one, two, three = argument(), argument(), argument()
    return one, two, three, 0, 0, 0
