import pytest

from webhook.seccomp.actions import EPERM, Action, Outcome
from webhook.seccomp.architectures import X86_64
from webhook.seccomp.libseccomp import Filter, Refused
from webhook.seccomp.loaded import WHOLE, Comparison, Condition, Endless, LoadedRule
from webhook.seccomp.syscalls import number_of

ALLOWED, DENIED = Outcome(Action.ALLOW), Outcome(Action.ERRNO, EPERM)
OLD, NEW = (2, 5, 4), (2, 6, 1)
ARM64, ARM = "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"


def rules_for_mkdir(*several: tuple[Condition, ...]) -> tuple[LoadedRule, ...]:
    filter_ = Filter(ALLOWED, X86_64, NEW)
    for conditions in several:
        filter_.add_rule("mkdir", DENIED, conditions, None)
    return filter_.rules()[X86_64][number_of("mkdir", X86_64) or 0]


@pytest.mark.parametrize(
    ("condition", "loaded"),
    [
        (Condition(0, Comparison.EQ, 5), (Condition(0, Comparison.EQ, 5),)),
        (Condition(0, Comparison.NE, 5), (Condition(0, Comparison.NE, 5),)),
        (Condition(0, Comparison.LE, 5), (Condition(0, Comparison.LE, 5),)),
        (Condition(0, Comparison.LT, 5), (Condition(0, Comparison.LE, 4),)),
        (Condition(0, Comparison.GE, 1 << 40), (Condition(0, Comparison.GE, 1 << 40),)),
        (Condition(0, Comparison.GT, 5), (Condition(0, Comparison.GE, 6),)),
        (Condition(0, Comparison.GE, 0), ()),
        (
            Condition(0, Comparison.MASKED_EQ, 0xF0, 0x1F),
            (Condition(0, Comparison.MASKED_EQ, 0xF0, 0x10),),
        ),
        (Condition(0, Comparison.MASKED_EQ, 0, 7), ()),
    ],
)
def test_a_condition_stays_what_it_means(condition: Condition, loaded: tuple[Condition, ...]) -> None:
    assert [each.conditions for each in rules_for_mkdir((condition,))] == [loaded]


@pytest.mark.parametrize("condition", [Condition(0, Comparison.LT, 0), Condition(0, Comparison.GT, WHOLE)])
def test_a_condition_that_never_holds_leaves_no_rule(condition: Condition) -> None:
    assert rules_for_mkdir((condition,)) == ()


def test_the_highest_argument_is_asked_first_whatever_the_order_in_the_file() -> None:
    first, second = (Condition(number, Comparison.EQ, 1) for number in (0, 1))

    assert [each.conditions for each in rules_for_mkdir((first,), (second,))] == [(second,), (first,)]


def test_one_condition_with_two_actions_is_refused() -> None:
    filter_ = Filter(ALLOWED, X86_64, NEW)
    condition = (Condition(0, Comparison.EQ, 1),)
    filter_.add_rule("mkdir", DENIED, condition, None)

    with pytest.raises(Refused, match="EEXIST"):
        filter_.add_rule("mkdir", Outcome(Action.LOG), condition, None)


def test_the_default_action_and_a_number_beyond_4095_are_refused() -> None:
    filter_ = Filter(ALLOWED, X86_64, NEW)

    with pytest.raises(Refused, match="EACCES"):
        filter_.add_rule("mkdir", ALLOWED, (), None)
    with pytest.raises(Refused, match="EINVAL"):
        filter_.add_rule("mkdir", Outcome(Action.ERRNO, 4096), (), None)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_rules_with_which_libseccomp_runs_for_ever_are_not_judged(version: tuple[int, ...]) -> None:
    filter_ = Filter(Outcome(Action.NOTIFY), X86_64, version)
    below = Condition(0, Comparison.LT, 1 << 32)
    filter_.add_rule("socket", ALLOWED, (Condition(2, Comparison.LE, WHOLE), below), None)

    with pytest.raises(Endless, match="hangs"):
        filter_.add_rule("socket", ALLOWED, (Condition(2, Comparison.NE, WHOLE - 1), below), None)


def test_no_call_is_recognized_where_the_first_of_an_architecture_does_not_exist_there() -> None:
    # libseccomp loads the number of a call for the first of them only, and that one it leaves out.
    filter_ = Filter(ALLOWED, ARM64, NEW)
    filter_.add_architecture(ARM)
    filter_.add_rule("newfstatat", DENIED, (), None)
    filter_.add_rule("read", DENIED, (Condition(0, Comparison.EQ, 0),), None)

    assert filter_.rules()[ARM] == {}

    filter_.is_sorted = True

    assert filter_.rules()[ARM]
