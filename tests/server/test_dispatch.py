"""Who answers what comes over the event loop."""

import os
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event
from typing import Any

import pytest

from webhook.server.application import application
from webhook.server.dispatch import Dispatch
from webhook.server.door import Door
from webhook.server.exchange import Head, Reply
from webhook.server.journal import Journal
from webhook.server.metrics import Metrics


@pytest.fixture
def going_on() -> Iterator[Event]:
    """Metrics are not told before it is set."""
    event = Event()
    yield event
    event.set()


@pytest.fixture
def dispatch(going_on: Event, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dispatch]:
    metrics = Metrics()
    told = metrics.exposition

    def slowly() -> Any:  # noqa: ANN401 - what the real one returns
        going_on.wait(10)
        return told()

    monkeypatch.setattr(metrics, "exposition", slowly)
    descriptor = os.open(os.devnull, os.O_WRONLY)
    door = Door(lambda _body, **_: pytest.fail("no review"), journal=Journal(descriptor), metrics=metrics)
    dispatch = Dispatch(door, application(door), threads=1)
    yield dispatch
    dispatch.close()
    os.close(descriptor)


def ask(dispatch: Dispatch, path: str) -> "Reply | Future[Reply]":
    return dispatch.answer(Head("GET", path), b"", 0.0)


def test_probes_are_answered_while_many_ask_for_metrics(dispatch: Dispatch, going_on: Event) -> None:
    asked = [ask(dispatch, "/metrics") for _ in range(40)]

    for path in ("/livez", "/readyz"):
        reply = ask(dispatch, path)
        assert isinstance(reply, Reply)
        assert reply.status == 200

    going_on.set()
    replies = [each if isinstance(each, Reply) else each.result(10) for each in asked]
    assert {each.status for each in replies} == {200}
    # One that was being written, and one for all who came after that.
    assert len({id(each) for each in asked}) <= 2
    later = ask(dispatch, "/metrics")
    assert isinstance(later, Future)
    assert later.result(10).status == 200
