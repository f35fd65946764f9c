"""Who holds the Lease, as far as no cluster is needed; the rest is in ``tests/e2e/test_certificates.py``."""

from typing import Any

import pytest

from certs.api import Unanswered
from certs.leader import Leader


class Election:
    """The client's election, whose next tries are given."""

    def __init__(self) -> None:
        self.tries: list[bool | Exception] = []

    def try_acquire_or_renew(self) -> bool:
        result = self.tries.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


class World:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.election = Election()
        self.changes: list[bool] = []
        self.problems: list[str] = []
        api: Any = None
        self.leader = Leader(api, "home", "lease", "me", lambda: self.now, self.changed, self.problems.append)
        monkeypatch.setattr(self.leader, "_elected", lambda: self.election)

    def changed(self) -> None:
        self.changes.append(self.leader.leads)

    def turn(self, result: bool | Exception, after: float = 2.0) -> bool:  # noqa: FBT001 - what comes back
        self.now += after
        self.election.tries.append(result)
        self.leader.turn()
        return self.leader.leads


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_who_gets_the_lease_leads_and_is_told(world: World) -> None:
    assert not world.leader.leads
    assert [world.turn(result) for result in (False, True, True)] == [False, True, True]
    assert world.changes == [True]


def test_who_cannot_renew_lets_go_before_another_may_take_it(world: World) -> None:
    world.turn(result=True)
    for _ in range(4):
        assert world.turn(ConnectionError("no route"))
    assert not world.turn(ConnectionError("no route"))

    assert world.changes == [True, False]
    assert world.problems[-1] == "leases lease in namespace home: no route"


def test_time_counts_from_when_it_was_asked_for(world: World) -> None:
    """An answer that took long came from a Lease that is as old as the question."""
    slow = world.election.try_acquire_or_renew

    def late() -> bool:
        world.now += 11
        return slow()

    world.election.try_acquire_or_renew = late  # type: ignore[method-assign]  # a slow server
    assert not world.turn(result=True)


def test_a_problem_is_told_and_its_end_too(world: World) -> None:
    world.turn(Unanswered("no credentials for the API server: there is no such file"))
    world.turn(result=True)

    assert world.problems == ["no credentials for the API server: there is no such file", ""]
