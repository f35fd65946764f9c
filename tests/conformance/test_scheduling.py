"""Where a pod may go is where kube-scheduler's own filters say, and the kubelet's where it names a node."""

from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

import pytest

from tests.conformance.conftest import Build
from tests.conformance.programs import HERE, Conversation, are_required, place_of
from tests.conformance.scheduling_cases import eligible
from tests.conformance.scheduling_records import records
from tests.strategies.scheduling import nodes, pod

PODS = 4000
PODS_A_CLUSTER = 20


@pytest.fixture(scope="module")
def scheduler(go_program: Build) -> Iterator[Conversation]:
    if not are_required() and not place_of(HERE / "scheduling").exists():
        pytest.skip("the scheduler's code is built for a minute: set GO_PROGRAMS=require for it")
    with closing(Conversation(go_program("scheduling"))) as conversation:
        yield conversation


def test_pods_may_go_where_the_scheduler_lets_them(scheduler: Conversation) -> None:
    random = Random("scheduling")  # noqa: S311 - repeatable, not secret
    questions: list[dict[str, Any]] = []
    for _ in range(PODS // PODS_A_CLUSTER):
        cluster = nodes(random)
        questions += [{"pod": pod(random), "nodes": cluster} for _ in range(PODS_A_CLUSTER)]
    answers = scheduler.ask(questions)

    for question, theirs in zip(questions, answers, strict=True):
        assert eligible(question) == theirs, question["pod"]
    # Neither all nor nothing: the cases are worth asking.
    shares = [len(each) / 12 for each in answers]
    assert sum(shares) / len(shares) > 0.1
    assert len(set(shares)) == 13


def test_the_records_are_what_the_scheduler_says(scheduler: Conversation) -> None:
    questions, expected = zip(*records(), strict=True)

    assert scheduler.ask(questions) == list(expected), (
        "python -m tests.conformance.scheduling_records asks anew"
    )


def test_our_answers_are_those_on_record() -> None:
    for question, theirs in records():
        assert eligible(question) == theirs, question["pod"]
