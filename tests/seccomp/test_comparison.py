"""Two filters differ for the calls that the comparison names, and for no other.

Set ``COMPARED_PAIRS`` to compare so many pairs of filters for each seed, and not a few.
"""

import os
from random import Random
from time import monotonic

import pytest

from tests.strategies.compared_filters import call, loaded
from webhook.seccomp.actions import EPERM, Action, Outcome
from webhook.seccomp.architectures import X32, X86_64
from webhook.seccomp.call import Call
from webhook.seccomp.comparison import NOBODY_S_NAME, Change, Comparison, Difference, compare
from webhook.seccomp.loaded import NO_FILTER, WHOLE, Condition, Loaded, LoadedRule
from webhook.seccomp.loaded import Comparison as Compared
from webhook.seccomp.profile import Place
from webhook.seccomp.syscalls import name_of, number_of
from webhook.seccomp.verdict import WHY_ARCHITECTURE, WHY_DEFAULT, WHY_ENOSYS, verdict

ALLOW, REFUSE, NO_SUCH_CALL = Outcome(Action.ALLOW), Outcome(Action.ERRNO, EPERM), Outcome(Action.ERRNO, 38)
SOCKET = number_of("socket", X86_64) or 0
PAIRS, CALLS = int(os.environ.get("COMPARED_PAIRS", "40")), 30


def seen_by(each: Call) -> Call:
    """The call as a filter of 32 bits sees it."""
    if each.architecture == X86_64:
        return each
    arguments = tuple(argument & 0xFFFFFFFF for argument in each.arguments)
    return each._replace(arguments=arguments)  # type: ignore[arg-type]  # six as before


def by_call(comparison: Comparison) -> dict[tuple[str, int], list[Difference]]:
    differences: dict[tuple[str, int], list[Difference]] = {}
    for each in comparison.differences:
        differences.setdefault(each.example[:2], []).append(each)
    return differences


def found(differences: dict[tuple[str, int], list[Difference]], asked: Call) -> list[Difference]:
    arguments = seen_by(asked).arguments
    return [
        each for each in differences.get(asked[:2], []) if any(arguments in region for region in each.regions)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_call_is_in_a_difference_if_and_only_if_its_outcomes_differ(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PAIRS):
        before, after = loaded(random), loaded(random)
        comparison = compare(before, after)
        assert not comparison.unclear
        architectures, found_of = {*before.filters, *after.filters}, by_call(comparison)
        for asked in (call(random, before, after) for _ in range(CALLS)):
            if asked.architecture not in architectures:
                continue
            then, now = verdict(before, asked), verdict(after, asked)
            differences = found(found_of, asked)

            if then.outcome == now.outcome:
                assert differences == []
            else:
                assert [(each.before, each.after) for each in differences] == [(then, now)], asked


@pytest.mark.parametrize("seed", range(3))
def test_the_example_of_a_difference_shows_it(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PAIRS):
        before, after = loaded(random), loaded(random)
        for each in compare(before, after).differences:
            assert (verdict(before, each.example), verdict(after, each.example)) == (each.before, each.after)
            assert each.before.outcome != each.after.outcome
            reaches = [not each.outcome.action.restricts for each in (each.before, each.after)]
            assert each.change == {
                (False, True): Change.OPENS,
                (True, False): Change.CLOSES,
            }.get(tuple(reaches), Change.ANSWERS)


@pytest.mark.parametrize("seed", range(3))
def test_the_other_way_round_openings_are_closings(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    turned = {Change.OPENS: Change.CLOSES, Change.CLOSES: Change.OPENS, Change.ANSWERS: Change.ANSWERS}
    for _ in range(PAIRS):
        before, after = loaded(random), loaded(random)
        forwards, backwards = compare(before, after), compare(after, before)
        for one, other in ((forwards, backwards), (backwards, forwards)):
            others = by_call(other)
            for each in one.differences:
                back = found(others, each.example)
                assert [(it.change, it.before, it.after) for it in back] == [
                    (turned[each.change], each.after, each.before)
                ]


@pytest.mark.parametrize("seed", range(3))
def test_a_filter_does_not_differ_from_itself(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PAIRS):
        each = loaded(random)

        assert compare(each, each) == Comparison(())


def of_socket(*rules: LoadedRule, default: Outcome = REFUSE) -> Loaded:
    return Loaded(default, {X86_64: {SOCKET: rules}}, {})


def rule(line: int, outcome: Outcome, *conditions: Condition) -> LoadedRule:
    return LoadedRule(conditions, outcome, Place(line, ""))


def test_a_difference_names_the_line_on_either_side() -> None:
    before = of_socket(rule(4, ALLOW, Condition(0, Compared.NE, 40)))
    after = of_socket(rule(9, ALLOW))

    (difference,) = compare(before, after).differences

    assert difference.change is Change.OPENS
    assert difference.example == Call(X86_64, SOCKET, (40, 0, 0, 0, 0, 0))
    assert (difference.before.line, difference.before.why) == (None, WHY_DEFAULT)
    assert difference.after.line == 9
    assert not difference.is_whole


def test_the_same_rules_on_other_lines_are_no_difference() -> None:
    condition = Condition(0, Compared.NE, 40)

    assert not compare(of_socket(rule(4, ALLOW, condition)), of_socket(rule(5, ALLOW, condition))).differences


def test_other_words_for_the_same_set_are_no_difference() -> None:
    below, above = Condition(0, Compared.LT, 40), Condition(0, Compared.GT, 40)
    one = of_socket(rule(1, ALLOW, below), rule(2, ALLOW, above))
    other = of_socket(rule(1, REFUSE, Condition(0, Compared.EQ, 40)), rule(2, ALLOW))

    assert not compare(one, other).differences


def test_a_rule_that_is_never_met_is_no_difference() -> None:
    never = rule(1, ALLOW, Condition(0, Compared.LT, 0))

    assert not compare(of_socket(never), of_socket()).differences


def test_another_errno_is_an_answer_and_no_opening() -> None:
    (difference,) = compare(of_socket(), of_socket(rule(3, NO_SUCH_CALL))).differences

    assert difference.change is Change.ANSWERS
    assert difference.is_whole


def test_an_architecture_that_is_left_out_is_closed() -> None:
    before = Loaded(ALLOW, {X86_64: {}, X32: {}}, {})
    after = Loaded(ALLOW, {X86_64: {}}, {})

    differences = compare(before, after).differences

    assert {each.example.architecture for each in differences} == {X32}
    assert {(each.change, each.after.why) for each in differences} == {(Change.CLOSES, WHY_ARCHITECTURE)}


def test_the_calls_of_kernels_to_come_are_told_once() -> None:
    stub = Loaded(REFUSE, {X86_64: {SOCKET: (rule(1, ALLOW),)}}, {X86_64: SOCKET})

    differences = compare(NO_FILTER, stub).differences
    nameless = [each for each in differences if each.name == NOBODY_S_NAME]

    # Of the numbers without a name one stands for those below the stub's limit, if there is any.
    assert [(each.change, each.after.why) for each in nameless] == [(Change.CLOSES, WHY_ENOSYS)]
    assert name_of(nameless[0].example.number, X86_64) is None


def entangled(random: Random, count: int) -> tuple[LoadedRule, ...]:
    """Rules with two conditions each, which cut one another into ever more pieces."""
    return tuple(
        rule(
            line,
            REFUSE if line % 2 else ALLOW,
            Condition(line % 6, Compared.MASKED_EQ, 1 << random.randrange(64), 0),
            Condition((line + 1) % 6, Compared.MASKED_EQ, 1 << random.randrange(64), 0),
            Condition((line + 2) % 6, Compared.GT, random.getrandbits(63)),
        )
        for line in range(count)
    )


def test_what_is_too_entangled_is_said_to_be_unclear_in_bounded_time() -> None:
    random = Random(1)  # noqa: S311 - repeatable, not secret
    before, after = of_socket(*entangled(random, 400)), of_socket(*entangled(random, 400))
    started = monotonic()

    comparison = compare(before, after)

    assert [each.name for each in comparison.unclear] == ["socket"]
    assert not [each for each in comparison.differences if each.name == "socket"]
    assert monotonic() - started < 60


def test_comparisons_under_masks_are_unclear_where_they_are_too_many() -> None:
    masked = [Condition(number, Compared.GT, 1, mask=WHOLE ^ 1) for number in range(6)]

    comparison = compare(of_socket(rule(1, ALLOW, *masked)), of_socket())

    assert [each.name for each in comparison.unclear] == ["socket"]


def test_many_single_values_are_no_trouble() -> None:
    random = Random(1)  # noqa: S311 - repeatable, not secret
    values = random.sample(range(1 << 20), 1_000)
    before = of_socket(
        *(rule(at, ALLOW, Condition(0, Compared.EQ, value)) for at, value in enumerate(values))
    )
    after = of_socket(rule(1, ALLOW, Condition(0, Compared.LT, 1 << 20)))

    comparison = compare(before, after)

    assert not comparison.unclear
    (difference,) = comparison.differences
    assert difference.change is Change.OPENS
    assert difference.example.arguments[0] not in values


def test_a_value_more_behind_a_thousand_is_no_trouble() -> None:
    random = Random(1)  # noqa: S311 - repeatable, not secret
    values = [*random.sample(range(1 << 20), 1_000), 1 << 20]
    rules = [rule(at, ALLOW, Condition(0, Compared.EQ, value)) for at, value in enumerate(values)]

    (difference,) = compare(of_socket(*rules[:-1]), of_socket(*rules)).differences

    assert difference.example.arguments[0] == 1 << 20
