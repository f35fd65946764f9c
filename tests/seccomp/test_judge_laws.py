"""What holds of every judgment: its parts agree, and to allow more never makes a profile stricter."""

from random import Random

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.strategies.compared_filters import call
from tests.strategies.judged_profiles import profile, rule, target
from tests.strategies.profile_texts import damaged, profile_texts
from webhook.seccomp.comparison import Change, compare
from webhook.seccomp.judge import UNJUDGED, ProfileClass, class_of, default_filter, judge
from webhook.seccomp.load import load
from webhook.seccomp.loaded import Loaded, NotStarted
from webhook.seccomp.profile import Profile
from webhook.seccomp.syscalls import name_of
from webhook.seccomp.target import RUNTIMES, Runtime, Target
from webhook.seccomp.verdict import WHY_ENOSYS, verdict

SEEDS = range(10)
PROFILES = 12
CALLS = 60


def started(given: Profile, where: Target) -> Loaded | None:
    """What is loaded, or None where no container starts with it."""
    try:
        return load(given, where)
    except NotStarted:
        return None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_of_a_judgment_agree(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PROFILES):
        given, where = profile(random), target(random)
        loaded = started(given, where)
        if loaded is None:
            continue
        judgment = judge(given, where)
        default = default_filter(where)

        match judgment.profile_class:
            case ProfileClass.EQUAL:
                assert (judgment.opens, judgment.closes, judgment.leaves_out) == ((), (), ())
            case ProfileClass.STRICTER:
                assert not judgment.opens
                assert judgment.closes or judgment.leaves_out
            case ProfileClass.WEAKER:
                assert judgment.opens
                assert not judgment.closes or not loaded.default.action.restricts
            case ProfileClass.INCOMPARABLE:
                assert judgment.opens
                assert judgment.closes
                assert loaded.default.action.restricts
        for each in judgment.opens:
            now, then = verdict(loaded, each.example), verdict(default, each.example)
            assert then.outcome.action.restricts
            assert not now.outcome.action.restricts
            assert (now.line, now.why) == (each.line, each.why)
            for capability in each.capabilities:
                rich = where._replace(capabilities=where.capabilities | {capability})
                assert not verdict(default_filter(rich), each.example).outcome.action.restricts


@pytest.mark.parametrize("seed", SEEDS)
def test_no_call_that_becomes_another_s_is_left_out(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PROFILES):
        given, where = profile(random), target(random)
        loaded = started(given, where)
        if loaded is None:
            continue
        judgment, default = judge(given, where), default_filter(where)
        for asked in (call(random, loaded, default) for _ in range(CALLS)):
            name = name_of(asked.number, asked.architecture)
            then, now = verdict(default, asked).outcome, verdict(loaded, asked).outcome
            if then.action.restricts and not now.action.restricts:
                assert any(
                    each.name == name and asked.architecture in each.architectures for each in judgment.opens
                )
            if now.action.restricts and not then.action.restricts:
                assert name in judgment.closes or asked.architecture in judgment.leaves_out


@settings(max_examples=150, deadline=None)
@drawn(st.one_of(profile_texts(), damaged(), st.binary(max_size=40)), st.sampled_from(RUNTIMES))
def test_any_text_has_a_class_or_a_reason_for_having_none(document: bytes, runtime: Runtime) -> None:
    profile_class, error = class_of(document, Target(runtime))

    assert (profile_class in set(ProfileClass)) is (error == "")
    assert profile_class in {*ProfileClass, UNJUDGED}


@pytest.mark.parametrize("seed", SEEDS)
def test_to_allow_a_whole_call_more_closes_nothing(seed: int) -> None:
    # With conditions it may: libseccomp compares the wrong half of an argument where rules are entangled.
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PROFILES):
        given, where = profile(random), target(random)
        allowance = rule(random, 99, "SCMP_ACT_ALLOW")._replace(arguments=())
        more = given._replace(rules=(*given.rules, allowance))
        before, after = started(given, where), started(more, where)
        if before is None or after is None:
            continue

        closed = [each for each in compare(before, after).differences if each.change is Change.CLOSES]
        assert closed == []


@pytest.mark.parametrize("seed", SEEDS)
def test_to_refuse_a_whole_call_first_of_all_opens_nothing(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PROFILES):
        given, where = profile(random), target(random)
        refusal = rule(random, 1, "SCMP_ACT_KILL_PROCESS")._replace(arguments=())
        before, after = started(given, where), started(given._replace(rules=(refusal, *given.rules)), where)
        if before is None or after is None or given.default_action == refusal.action:
            continue

        # What runc's stub answered before may be seen by the filter, now that a later call is named.
        opened = [
            each
            for each in compare(before, after).differences
            if each.change is Change.OPENS and each.before.why != WHY_ENOSYS
        ]
        assert opened == []
