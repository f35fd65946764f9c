"""What we accept in a manifest is what Kubernetes' own types accept, decoded strictly."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.conftest import Build
from tests.conformance.fields_cases import UNKNOWN, places, problems, question
from tests.conformance.fields_records import records
from tests.conformance.programs import Conversation
from webhook.manifests.fields_known import FILE, known
from webhook.policy.path import dotted


@pytest.fixture(scope="module")
def program(go_program: Build) -> Path:
    return go_program("fields")


@pytest.fixture(scope="module")
def types(program: Path) -> Iterator[Conversation]:
    with closing(Conversation(program, "decode")) as conversation:
        yield conversation


def test_every_field_accepts_what_kubernetes_accepts(types: Conversation) -> None:
    for place in places():
        values = place.values()
        answers = types.ask([question(place, value) for value in values])
        for value, theirs in zip(values, answers, strict=True):
            ours = problems(place, value)

            assert bool(ours) == bool(theirs), (place, value, ours, theirs)


def test_unknown_fields_stand_where_kubernetes_says(types: Conversation) -> None:
    unknown = [place for place in places() if place.type == UNKNOWN and place.path[-1] != ""]
    for place, theirs in zip(unknown, types.ask([question(each, None) for each in unknown]), strict=True):
        (ours,) = problems(place, None)

        assert theirs == [f'unknown field "{dotted(ours.path)}"']


def test_the_records_are_what_kubernetes_says(types: Conversation) -> None:
    for place, accepted, refused in records():
        answers = types.ask([question(place, value) for value in (*accepted, *refused)])

        assert [not problems for problems in answers] == [True] * len(accepted) + [False] * len(refused), (
            f"{place}: python -m tests.conformance.fields_records asks anew"
        )


def test_the_file_of_fields_is_fresh(program: Path) -> None:
    types = subprocess.run([program, "types"], capture_output=True, check=True)  # noqa: S603 - our own program

    assert types.stdout == FILE.read_bytes(), f"make it anew: {known().command}"


def test_our_verdicts_are_those_on_record() -> None:
    for place, accepted, refused in records():
        for value in accepted:
            assert problems(place, value) == []
        for value in refused:
            found = problems(place, value)

            assert found, (place, value)
            assert all(each.path[: len(place.path)] == place.path for each in found)


def test_the_records_hold_every_field() -> None:
    recorded = {(each.place.kind, each.place.path) for each in records()}

    assert recorded >= {(kind, path) for kind, path, type_ in places() if type_ != UNKNOWN}
