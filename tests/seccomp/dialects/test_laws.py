"""What holds for every profile, in every dialect."""

from contextlib import suppress

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies.profile_texts import damaged, profile_texts
from tests.strategies.profiles import RUNTIMES, profiles, targets, without_places
from webhook.seccomp.dialects import Dialect, Inexact, convert, guess, read, render, resolve
from webhook.seccomp.profile import Profile, Unreadable
from webhook.seccomp.target import Target

DIALECTS = st.sampled_from(Dialect)


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, Profile, Dialect]:
    """A profile, written in some dialect."""
    dialect = draw(DIALECTS)
    profile = draw(profiles(dialect))
    document = written(profile, dialect)
    assume(document)
    return document, profile, dialect


@st.composite
def conversions(draw: st.DrawFn) -> tuple[bytes, Dialect, bytes, Dialect]:
    """A document with its dialect, and what becomes of it in another."""
    source, target = draw(DIALECTS), draw(DIALECTS)
    document = written(draw(profiles(source, target, Dialect.OPERATOR)), source)
    converted = in_other_words(document, source, target) if document else b""
    assume(converted)
    return document, source, converted, target


@given(documents())
def test_what_is_written_is_read_again(case: tuple[bytes, Profile, Dialect]) -> None:
    document, profile, dialect = case

    assert without_places(read(document, dialect)) == without_places(profile)


@given(documents())
def test_nothing_of_what_is_written_is_lost_where_it_is_read(case: tuple[bytes, Profile, Dialect]) -> None:
    document, _, dialect = case

    assert read(document, dialect).remarks == ()


@given(documents())
def test_a_dialect_is_guessed_in_which_it_says_the_same(case: tuple[bytes, Profile, Dialect]) -> None:
    document, profile, dialect = case
    guessed = guess(document)

    assert (guessed is Dialect.OPERATOR) == (dialect is Dialect.OPERATOR)
    assert without_places(read(document, guessed)) == without_places(profile)


@given(conversions(), st.data())
def test_a_converted_profile_is_handed_on_as_the_first(
    case: tuple[bytes, Dialect, bytes, Dialect], data: st.DataObject
) -> None:
    document, source, converted, target = case
    node = data.draw(targets(source))
    other = node._replace(runtime=RUNTIMES[target])

    assert handed_on(converted, target, other) == handed_on(document, source, node)


@given(conversions())
def test_a_profile_that_was_converted_there_and_back_is_the_first(
    case: tuple[bytes, Dialect, bytes, Dialect],
) -> None:
    document, source, converted, target = case
    first = without_places(read(document, source))
    # Numbers come back for the names of errors, and rules without names of calls do not.
    assume(not any(isinstance(each, str) for each in (first.default_errno, *(r.errno for r in first.rules))))
    assume(all(each.names for each in first.rules))

    assert without_places(read(convert(converted, target, source), source)) == first


@given(st.one_of(st.binary(), profile_texts(), damaged()), DIALECTS)
def test_any_text_is_read_or_refused_at_one_of_its_lines(text: bytes, dialect: Dialect) -> None:
    lines = range(1, text.count(b"\n") + 2)
    try:
        profile = read(text, dialect)
    except Unreadable as unreadable:
        assert unreadable.place.line in lines  # noqa: PT017 - either end is a good one
    else:
        assert all(rule.place.line in lines for rule in profile.rules)
        assert all(line in lines for rule in profile.rules for line in rule.name_lines)


@given(st.one_of(st.binary(), damaged()))
def test_of_any_text_the_dialect_is_guessed_or_it_is_refused(text: bytes) -> None:
    with suppress(Unreadable):
        assert guess(text) in Dialect


def written(profile: Profile, dialect: Dialect) -> bytes:
    """Empty, where *dialect* cannot say it."""
    try:
        return render(profile, dialect)
    except Inexact:
        return b""


def in_other_words(document: bytes, source: Dialect, target: Dialect) -> bytes:
    """Empty, where that cannot be."""
    try:
        return convert(document, source, target)
    except (Inexact, Unreadable):
        return b""


def handed_on(document: bytes, dialect: Dialect, node: Target) -> Profile | str | None:
    try:
        handed = resolve(read(document, dialect), node)
    except Unreadable:
        return "refused"
    return None if handed is None else without_places(handed)
