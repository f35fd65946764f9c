"""The default profiles that we hold are those of the runtimes' own code, for any container."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from tests.conformance.programs import Conversation, Unavailable, are_required
from tools.runtime_defaults.conditions import ARCHITECTURES, rules_of
from tools.runtime_defaults.program import program
from tools.runtime_defaults.sources import SOURCES, Source
from tools.runtime_defaults.texts import CAPABILITIES, KERNELS, PLACE, question, text
from webhook.seccomp.defaults import runtime_default
from webhook.seccomp.profile import Rule
from webhook.seccomp.target import Loader, Runtime, Target

CONTAINERS = 400


@pytest.fixture(scope="module")
def runtimes() -> Iterator[Conversation]:
    try:
        built = program()
    except Unavailable as missing:
        reason = f"the runtimes' own code was not asked: {missing}"
        if are_required():
            pytest.fail(reason)
        pytest.skip(reason)
    with closing(Conversation(built)) as conversation:
        yield conversation


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_data_is_what_the_runtime_says_today(source: Source, runtimes: Conversation) -> None:
    held = (PLACE / f"{source.name}.json").read_text()

    assert held == text(source, runtimes), "python -m tools.runtime_defaults writes it anew"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_any_container_gets_the_profile_that_the_runtime_makes(
    source: Source, runtimes: Conversation
) -> None:
    random = Random(source.name)  # noqa: S311 - repeatable, not secret
    containers = [
        (
            random.sample(CAPABILITIES, random.choice((0, 1, 2, 3, 14, len(CAPABILITIES)))),
            random.choice(list(ARCHITECTURES)),
            random.choice(KERNELS),
        )
        for _ in range(CONTAINERS)
    ]
    answers = runtimes.ask([question(source, *each) for each in containers])

    for (capabilities, architecture, kernel), theirs in zip(containers, answers, strict=True):
        runtime = Runtime(source.reader, Loader.RUNC, source.since, (1, 3, 6))
        target = Target(runtime, ARCHITECTURES[architecture], kernel, capabilities=frozenset(capabilities))
        ours = runtime_default(target)

        assert (ours.default_action, ours.default_errno) == (
            theirs["defaultAction"],
            theirs.get("defaultErrnoRet"),
        )
        assert ours.architectures == tuple(theirs.get("architectures") or ())
        # containerd goes through the capabilities in the order of the container's list. Which of its rules
        # comes first does not matter: those that depend on capabilities only allow, without conditions.
        assert Counter(map(comparable, ours.rules)) == Counter(rule[:4] for rule in rules_of(theirs))


def comparable(rule: Rule) -> tuple[object, ...]:
    arguments = tuple((each.number, each.value, each.value_two, each.op) for each in rule.arguments)
    return rule.names, rule.action, rule.errno, arguments
