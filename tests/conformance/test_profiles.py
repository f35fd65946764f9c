"""We read profiles as containerd, Docker and CRI-O do: the same, and refused in the same words."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.conftest import Build
from tests.conformance.profile_cases import READERS, Case, disagreement
from tests.conformance.profile_records import records, written
from tests.conformance.programs import Conversation
from tests.strategies.profile_texts import damaged, profile_texts
from tests.strategies.profiles import ARCHITECTURES
from webhook.seccomp.dialects import Dialect

CASES = st.builds(
    Case,
    st.one_of(profile_texts(), profile_texts(), damaged()),
    st.sampled_from(((), ("CAP_SYS_ADMIN",), ("CAP_BPF", "CAP_SYS_ADMIN"))),
    st.sampled_from(((4, 8), (6, 1), (6, 12), (0, 1), (0, 0))),
    st.sampled_from(ARCHITECTURES),
)


@pytest.fixture(scope="module")
def readers(go_program: Build) -> Iterator[Conversation]:
    with closing(Conversation(go_program("profiles", tags="seccomp"))) as conversation:
        yield conversation


@pytest.mark.parametrize("dialect", READERS)
def test_we_read_what_is_on_record_as_its_reader_does(dialect: Dialect) -> None:
    for case, answers in records():
        assert disagreement(case, dialect, answers[dialect]) is None, case


def test_every_document_that_was_thought_of_is_on_record() -> None:
    missing = {*written()} - {case for case, _ in records()}

    assert not missing, "python -m tests.conformance.profile_records asks about them"


def test_the_records_are_what_readers_say(readers: Conversation) -> None:
    cases, recorded = zip(*records(), strict=True)

    for case, theirs, answers in zip(
        cases, readers.ask([each.question() for each in cases]), recorded, strict=True
    ):
        assert theirs == answers, f"{case}: python -m tests.conformance.profile_records asks anew"


@settings(max_examples=500)
@given(CASES)
def test_we_read_any_text_as_its_reader_does(readers: Conversation, case: Case) -> None:
    (answers,) = readers.ask([case.question()])

    for dialect in READERS:
        assert disagreement(case, dialect, answers[dialect]) is None
