"""Whatever happens between the API server and us, we come to know what it knows, and nothing else."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.cluster.history import Expired, History
from webhook.cluster.positions import (
    Absent,
    Bookmark,
    Broken,
    Change,
    Ended,
    Event,
    List,
    Page,
    Position,
    Put,
    Remove,
    Replace,
    after,
)

if TYPE_CHECKING:
    from webhook.cluster.namespaces import Labels

NAMES = st.sampled_from("abcdef")
LABELS = st.sampled_from([{}, {"enforce": "baseline"}, {"enforce": "restricted"}])
# What a server and a network may do to an answer, and what only a broken server would.
HONEST = ("well", "bookmark", "ended", "due", "hollow", "cut", "refused", "expired")
CRAZY = ("twice", "reordered", "backwards")
HAPPENINGS = st.one_of(
    st.tuples(st.just("put"), NAMES, LABELS),
    st.tuples(st.just("remove"), NAMES),
    st.tuples(st.just("forget")),
)


def asks(*ways: str) -> st.SearchStrategy[tuple[str, str, int]]:
    return st.tuples(st.just("ask"), st.sampled_from(ways), st.integers(0, 9))


class Copy:
    """What the decisions make of a history."""

    def __init__(self) -> None:
        self.history = History()
        self.position = Position()
        self.known: dict[str, Labels] = {}

    def happen(self, what: str, *details: Any) -> None:  # noqa: ANN401 - as the server takes it
        if what == "ask":
            for event in self.events(*details):
                before = self.position.next
                self.take(event)
                if isinstance(self.position.next, List) and not isinstance(before, List):
                    break
        else:
            getattr(self.history, what)(*details)

    def events(self, way: str, some: int) -> Iterator[Event]:
        if way in {"cut", "refused"} and not some:
            return iter([Broken(expired=False)])
        if way == "expired":
            return iter([Broken(expired=True)])
        try:
            if isinstance(self.position.next, List):
                return iter([self.history.page(self.position.rest)])
            return iter(self.told(way, some, self.history.since(self.position.next.version)))
        except Expired:
            return iter([Broken(expired=True)])

    def told(self, way: str, some: int, changes: list[Change]) -> list[Event]:
        return {
            "bookmark": [*changes, Bookmark(self.history.version)],
            "ended": [*changes, Ended(hollow=False, due=False)],
            "due": [*changes, Ended(hollow=False, due=True)],
            "hollow": [Ended(hollow=True, due=False)],
            "cut": [*changes[:some], Broken(expired=False)],
            "twice": [*changes[:some], *changes],
            "reordered": changes[::-1],
            "backwards": [*changes, Bookmark(0)],
        }.get(way, changes)

    def take(self, event: Event) -> None:
        faults = self.position.faults
        self.position, change, pauses = after(self.position, event)
        assert pauses == (self.position.faults > faults), "after every fault there is a pause, and only then"
        match change:
            case Replace(found):
                self.known = dict(found)
            case Put(_, name, labels):
                self.known[name] = labels
            case Remove(_, name):
                self.known.pop(name, None)

    def heal(self) -> None:
        """No more faults, and the watch comes to its end now and then."""
        for way in ("well", "due", *["well"] * (len(self.history.state) + 3)):
            self.happen("ask", way, 0)


@given(st.lists(st.one_of(HAPPENINGS, asks(*HONEST)), max_size=60))
def test_after_every_answer_the_copy_is_the_server_as_it_was_and_never_older_than_before(
    happenings: list[tuple[Any, ...]],
) -> None:
    copy, seen = Copy(), 0
    for happening in happenings:
        copy.happen(*happening)
        version = copy.position.version
        if version is not None:
            assert copy.known == copy.history.states[version]
            assert version >= seen
            seen = version
        else:
            assert copy.known in copy.history.states[seen:], "what was known stays until a list is complete"
    copy.heal()
    assert copy.known == copy.history.state


@given(st.lists(st.one_of(HAPPENINGS, asks(*HONEST, *CRAZY)), max_size=60))
def test_even_a_server_that_mixes_things_up_makes_us_invent_nothing_and_is_understood_in_the_end(
    happenings: list[tuple[Any, ...]],
) -> None:
    copy = Copy()
    for happening in happenings:
        copy.happen(*happening)
        assert {(name, str(labels)) for name, labels in copy.known.items()} <= copy.history.ever
    copy.heal()
    assert copy.known == copy.history.state


def test_a_list_that_breaks_in_the_middle_is_gone_on_with() -> None:
    half = after(Position(), Page({"a": {}}, 5, "rest")).position

    assert after(half, Broken(expired=False)).position.next == List("rest")
    assert after(half, Broken(expired=True)).position.next == List("")


def test_a_version_that_no_watch_knows_is_listed_anew_ever_more_slowly() -> None:
    position, faults = Position(), []
    for _ in range(4):
        position = after(position, Page({}, 5)).position
        position = after(position, Broken(expired=True)).position
        faults.append(position.faults)

    assert faults == [1, 2, 3, 4]
    listed = after(position, Page({}, 5)).position
    assert after(listed, Bookmark(5)).position.faults == 0


def test_of_a_kind_that_is_not_there_nothing_is_known_and_the_list_begins_anew() -> None:
    half = after(Position(), Page({"a": {}}, 5, "rest")).position
    step = after(half, Absent())

    assert step.position == Position()
    assert step.change == Replace({})
