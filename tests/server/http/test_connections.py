"""How many connections there may be, and which of them end."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import Any

import pytest

from webhook.server.http.connection import State
from webhook.server.http.connections import Connections


class Some:
    """A connection as ``Connections`` sees it: so useful, due at some time."""

    def __init__(self, name: str, state: State = State.IDLE, answered: int = 1, heard: float = 0.0) -> None:
        self.name = name
        self.state = state
        self.answered = answered
        self.heard = heard
        self.due = inf
        self.address = ""
        self.ended: list[str] = []

    def abort(self) -> None:
        self.ended.append("aborted")

    def expire(self) -> None:
        self.ended.append("expired")


def ended(*some: Some) -> dict[str, list[str]]:
    return {each.name: each.ended for each in some if each.ended}


def within(most: int, *some: Some) -> Any:  # noqa: ANN401 - a Connections of what is no Connection
    connections: Any = Connections(most)
    for each in some:
        connections.add(each)
    return connections


NEW = Some("new", State.SHAKING, answered=0, heard=100.0)
OLD = [
    Some("shaking, long", State.SHAKING, answered=0, heard=1.0),
    Some("sending its first, just now", State.READING, answered=0, heard=9.0),
    Some("answered, quiet for long", State.IDLE, heard=2.0),
    Some("answered, sending again", State.READING, heard=8.0),
    Some("being answered for the first time", State.ANSWERING, answered=0, heard=0.5),
    Some("being answered", State.ANSWERING, heard=0.0),
]


@pytest.mark.parametrize("left", range(1, 5))
def test_the_least_useful_gives_way(left: int) -> None:
    some = [Some(each.name, each.state, each.answered, each.heard) for each in OLD[left - 1 :]]
    new = Some("new", State.SHAKING, answered=0, heard=100.0)
    connections = within(len(some), *reversed(some))

    connections.add(new)

    assert ended(new, *some) == {some[0].name: ["aborted"]}
    assert len(connections) == len(some)


def test_nobody_who_is_being_answered_gives_way() -> None:
    some = [Some(each.name, each.state, each.answered, each.heard) for each in OLD[4:]]
    new = Some("new", State.SHAKING, answered=0, heard=100.0)
    connections = within(len(some), *some)

    connections.add(new)

    assert ended(new, *some) == {"new": ["aborted"]}
    assert len(connections) == 2


def test_newcomers_give_way_to_newcomers_before_those_who_were_answered_do() -> None:
    useful = [Some(f"useful {number}") for number in range(3)]
    connections = within(4, *useful)
    new = [Some(f"new {number}", State.SHAKING, answered=0, heard=number) for number in range(5)]
    for each in new:
        connections.add(each)

    assert list(ended(*useful, *new)) == ["new 0", "new 1", "new 2", "new 3"]


def test_what_is_overdue_is_ended_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhook.server.http.connections.monotonic", lambda: 10.0)
    some = [Some(f"due at {due}") for due in (9.9, 10.0, 10.1, inf)]
    for each, due in zip(some, (9.9, 10.0, 10.1, inf), strict=True):
        each.due = due

    run(within(9, *some).sweep)

    assert ended(*some) == {"due at 9.9": ["expired"], "due at 10.0": ["expired"]}


def run(main: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(main())  # type: ignore[arg-type]  # an awaitable that is a coroutine


def test_at_a_stop_those_who_were_quiet_for_two_seconds_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhook.server.http.connections.monotonic", lambda: 10.0)
    some = [
        Some("quiet", heard=8.0),
        Some("heard a moment ago", heard=8.1),
        Some("sending", State.READING, heard=1.0),
        Some("being answered", State.ANSWERING, heard=1.0),
        Some("shaking", State.SHAKING, heard=1.0),
    ]

    async def main() -> None:
        connections = within(9, *some)
        await connections.sweep()
        assert ended(*some) == {}
        stopping = asyncio.ensure_future(connections.ended())
        await asyncio.sleep(0)
        await connections.sweep()
        assert ended(*some) == {"quiet": ["expired"]}
        for each in some:
            assert not stopping.done()
            connections.forget(each)
            await asyncio.sleep(0)
        await stopping

    run(main)


def test_a_stop_with_nobody_there_is_over_at_once() -> None:
    async def main() -> None:
        await Connections().ended()

    run(main)


def test_an_end_ends_all() -> None:
    some = [Some("idle"), Some("being answered", State.ANSWERING)]

    within(9, *some).end()

    assert ended(*some) == {"idle": ["aborted"], "being answered": ["aborted"]}


def test_an_address_that_holds_more_than_half_gives_way_for_others() -> None:
    crowd = [Some(f"one of many {number}", heard=9.0) for number in range(3)]
    for each in crowd:
        each.address = "192.0.2.1"
    others = [Some("API server", heard=1.0), Some("another's newcomer", State.SHAKING, answered=0)]
    connections = within(5, *crowd, *others)

    connections.add(Some("newcomer", State.SHAKING, answered=0, heard=10.0))

    assert list(ended(*crowd, *others).values()) == [["aborted"]]
    assert ended(*others) == {}
