"""What holds of every judgment: its parts agree, and to allow more never makes a profile stricter."""

from random import Random

import pytest
from webhook.seccomp.load import load

from tests.strategies.judged_profiles import profile, rule, target
from webhook.seccomp.comparison import Change, compare
from webhook.seccomp.judge import ProfileClass, default_filter, judge
from webhook.seccomp.loaded import Loaded, NotStarted
from webhook.seccomp.profile import Profile
from webhook.seccomp.target import Target
from webhook.seccomp.verdict import verdict

SEEDS = range(10)
PROFILES = 15


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
                assert not judgment.closes
            case ProfileClass.INCOMPARABLE:
                assert judgment.opens
                assert judgment.closes
        for each in judgment.opens:
            now, then = verdict(loaded, each.example), verdict(default, each.example)
            assert then.outcome.action.restricts
            assert not now.outcome.action.restricts
            assert (now.line, now.why) == (each.line, each.why)
            for capability in each.capabilities:
                rich = where._replace(capabilities=where.capabilities | {capability})
                assert not verdict(default_filter(rich), each.example).outcome.action.restricts


@pytest.mark.parametrize("seed", SEEDS)
def test_to_allow_more_closes_nothing(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(PROFILES):
        given, where = profile(random), target(random)
        more = given._replace(rules=(*given.rules, rule(random, 99, "SCMP_ACT_ALLOW")))
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

        opened = [each for each in compare(before, after).differences if each.change is Change.OPENS]
        assert opened == []
