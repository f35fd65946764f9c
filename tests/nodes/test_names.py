"""Names that were perhaps meant; what is said of single slips: ``judgment.yaml``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.nodes.asked import APP_ARMOR, SECCOMP
from webhook.nodes.localhost_profiles import SECCOMP_FOLDER
from webhook.nodes.names import LONGEST, MOST_COMPARED, hint, problem

paths = st.text(alphabet="ab/.", max_size=8)


@given(st.sampled_from([SECCOMP, APP_ARMOR]), paths, st.frozensets(paths, max_size=6))
def test_only_what_is_there_is_suggested_and_never_what_was_said(
    kind: str, name: str, known: frozenset[str]
) -> None:
    said = hint(kind, name, known)
    names = said.removeprefix("; did you mean ").removesuffix("?").split(" or ") if said else []

    assert set(names) <= known - {name}
    assert len(names) <= 3
    assert said == hint(kind, name, sorted(known))


def test_the_nearest_is_found_among_thousands() -> None:
    known = [f"team-{number}/profile-{number}.json" for number in range(10 * MOST_COMPARED)]

    assert "team-77/profile-77.json" in hint(SECCOMP, "team-77/profle-77.json", known)
    assert hint(SECCOMP, "profile-77.json", known) == "; did you mean team-77/profile-77.json?"


def test_a_name_made_for_it_keeps_nobody_busy() -> None:
    assert hint(SECCOMP, "a" * 300, ["a" * 299]) == ""
    assert "more than 4,095 characters" in problem(SECCOMP, "a" * (LONGEST + 1), SECCOMP_FOLDER)


@pytest.mark.parametrize("name", ["a.json", "a/b.json", "...json", "a..b", "localhost/a.json", " a "])
def test_what_a_file_can_be_called_is_no_problem(name: str) -> None:
    assert problem(SECCOMP, name, SECCOMP_FOLDER) == ""
