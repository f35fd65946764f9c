from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cluster.witness import Times, Witness
from webhook.cluster.copied import Copied
from webhook.cluster.failure import Failure
from webhook.cluster.namespaces import Namespaces
from webhook.cluster.positions import Change, Page, Put
from webhook.cluster.reflector import Reflector

ABSENT = Failure("list profiles: the API server answered 404 Not Found", status=404)
STRICT = {"enforce": "restricted"}
LISTED = Page({"shop": {}}, 1)


class Script:
    """A source that answers as written: pages, changes with an end, or failures."""

    def __init__(self, times: Times, *answers: Page | list[Change | Failure | float] | Failure) -> None:
        self.times = times
        self.answers = list(answers)
        self.asked: list[str | int] = []

    def page(self, rest: str) -> Page:
        answer = self._next(rest)
        assert isinstance(answer, Page)
        return answer

    @contextmanager
    def changes(self, version: int, seconds: int) -> Iterator[Iterator[Change]]:
        assert 300 <= seconds < 600
        answer = self._next(version)
        assert isinstance(answer, list)
        yield self._told(answer)

    def _next(self, asked: str | int) -> Page | list[Change | Failure | float]:
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _told(self, answer: list[Change | Failure | float]) -> Iterator[Change]:
        for each in answer:
            if isinstance(each, Exception):
                raise each
            if isinstance(each, float):
                self.times.sleep(each)
            else:
                yield each


class Play:
    def __init__(self, *answers: Page | list[Change | Failure | float] | Failure) -> None:
        self.times = Times()
        self.witness = Witness()
        self.source = Script(self.times, *answers)
        self.reflector = Namespaces(self.source, self.times, self.witness)

    def turn(self, number: int = 1) -> None:
        for _ in range(number):
            self.reflector.turn()


def test_it_is_ready_when_the_list_is_complete_and_changes_are_heard() -> None:
    play = Play(Page({"a": {}}, 1, "rest"), Page({"b": STRICT}, 1), [1.0])
    assert play.reflector.waits_for() == "the namespaces are not known yet: they are being listed"
    play.turn(2)
    assert play.reflector.waits_for()
    play.turn()

    assert play.reflector.waits_for() is None
    assert (play.reflector.labels("a"), play.reflector.labels("b")) == ({}, STRICT)
    assert play.source.asked == ["", "rest", 1]
    assert play.witness.behind == [None]
    assert play.witness.lines == ["info: following namespaces; 2 are known"]


def test_what_it_lacks_is_said_until_it_is_ready() -> None:
    play = Play(Failure("missing permission: list namespaces", status=403), LISTED)
    play.turn()
    words = "the namespaces are not known yet: missing permission: list namespaces"
    assert play.reflector.waits_for() == words
    play.turn()
    assert play.reflector.waits_for() == words, "a list that nobody follows up is not enough"


def test_a_broken_watch_is_told_once_and_what_is_known_stays() -> None:
    refused = Failure("connection refused")
    play = Play(LISTED, [Put(2, "shop", STRICT), Failure("cut")], refused, refused, [5.0])
    play.turn(5)

    assert play.reflector.labels("shop") == STRICT
    assert play.source.asked == ["", 1, 2, 2, 2]
    assert play.witness.lines == [
        "info: following namespaces; 1 are known",
        "warning: cannot follow namespaces: cut; going on with the 1 that are known",
        "warning: cannot follow namespaces: connection refused; going on with the 1 that are known",
        "info: following namespaces; 1 are known",
    ]
    # 1: the clocks of this test stand half a million seconds apart.
    assert [since is None for since in play.witness.behind] == [True, False, True]


def test_a_copy_is_current_while_changes_are_heard_and_for_a_moment_after() -> None:
    play = Play(LISTED, [5.0], [])
    assert not play.reflector.is_current
    play.turn(2)
    assert play.reflector.is_current
    play.times.sleep(1.0)
    assert not play.reflector.is_current
    play.turn()
    assert play.reflector.is_current


def test_a_watch_that_ends_is_renewed_at_once_and_a_hollow_one_after_a_pause() -> None:
    play = Play(LISTED, [1.5], [], [])
    play.turn(2)
    assert play.times.pauses == [1.5]
    play.turn(2)
    assert play.times.pauses == [1.5, 0.125, 0.25]


def test_now_and_then_everything_is_listed_anew() -> None:
    play = Play(LISTED, [1000.0], [1000.0], Page({"other": {}}, 1))
    play.turn(4)

    assert play.source.asked == ["", 1, 1, ""]
    assert (play.reflector.labels("shop"), play.reflector.labels("other")) == (None, {})


def test_what_the_server_has_forgotten_is_listed_anew_and_known_meanwhile() -> None:
    play = Play(LISTED, Failure("gone", status=410), Failure("cut"), Page({}, 9))
    play.turn(3)
    assert play.reflector.labels("shop") == {}
    play.turn()
    assert play.source.asked == ["", 1, "", ""]
    assert play.reflector.labels("shop") is None


def test_a_server_that_asks_to_be_left_alone_is() -> None:
    play = Play(Failure("busy", status=429, wait=7.0))
    play.turn()
    assert play.times.pauses[0] >= 7.0


def test_a_bug_is_told_and_does_not_end_it() -> None:
    play = Play(LISTED)
    play.turn(2)
    assert "IndexError" in play.witness.lines[0]
    play.source.answers += [LISTED, []]
    play.turn(2)
    assert play.reflector.waits_for() is None


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_watches_end_at_different_times(chance: float) -> None:
    play = Play(LISTED, [])
    play.times.luck = chance
    play.turn(2)


class Optional(Play):
    """The same for objects of a kind that need not be there."""

    def __init__(self, *answers: Page | list[Change | Failure | float] | Failure) -> None:
        super().__init__(*answers)
        self.copy: Copied[dict[str, str]] = Copied()
        words = "there are no profiles here"
        self.reflector = Reflector(
            self.source, self.copy, self.times, self.witness, called="profiles", absence=words
        )


def test_a_kind_that_is_not_there_is_told_once_and_looked_for_now_and_then() -> None:
    play = Optional(ABSENT, ABSENT, LISTED, [])
    play.turn(4)

    assert play.witness.lines == [
        "info: there are no profiles here",
        "info: following profiles; 1 are known",
    ]
    assert play.times.pauses[:2] == [60.0, 60.0]
    assert play.witness.behind == [None, None, None], "nothing is there of which one could be behind"
    assert play.copy.get("shop") == {}


def test_of_a_kind_that_is_removed_nothing_is_known_any_more() -> None:
    play = Optional(LISTED, [Failure("watch profiles: gone", status=410)], ABSENT)
    play.turn(3)

    assert play.copy.known() == 0
    assert play.witness.number == 0


def test_of_namespaces_even_that_answer_takes_nothing_away() -> None:
    play = Play(LISTED, [Failure("gone", status=410)], ABSENT)
    play.turn(3)

    assert play.reflector.labels("shop") == {}


def test_it_ends_when_it_is_stopped_and_hears_something() -> None:
    play = Optional(LISTED, [Put(2, "a", STRICT), Put(3, "b", STRICT)])
    play.turn()
    play.reflector.stop()
    play.turn()
    play.reflector.run()

    assert (play.copy.get("a"), play.copy.get("b")) == (STRICT, None)
    assert play.source.answers == []
    assert (play.witness.number, play.witness.behind[-1]) == (0, None), "nobody is told what was heard then"
