"""How many connections the descriptors of a process are enough for."""

import resource

import pytest

from webhook.server.http.connections import MOST
from webhook.server.http.descriptors import most_connections

ENDLESS = resource.RLIM_INFINITY
ENOUGH = MOST + 96


@pytest.mark.parametrize(
    ("limits", "raised", "most"),
    [
        ((ENDLESS, ENDLESS), None, MOST),
        ((1_048_576, 1_048_576), None, MOST),
        ((1024, 1_048_576), (ENOUGH, 1_048_576), MOST),
        ((1024, ENDLESS), (ENOUGH, ENDLESS), MOST),
        ((256, 1024), (1024, 1024), 928),
        ((1024, 1024), (1024, 1024), 928),
        ((64, 64), (64, 64), 16),
    ],
)
def test_there_are_always_fewer_connections_than_descriptors(
    monkeypatch: pytest.MonkeyPatch,
    limits: tuple[int, int],
    raised: tuple[int, int] | None,
    most: int,
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _which, to: asked.append(to))

    assert most_connections() == most
    assert asked == ([raised] if raised else [])
