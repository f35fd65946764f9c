"""All objects of a kind, listed one time, part by part."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from typing import Final, TypeVar

from webhook.cluster.backoff import pause
from webhook.cluster.failure import Failure
from webhook.cluster.kind import Objects
from webhook.cluster.reflector import Times

_TRIES: Final = 4
# Those that may pass: the server is busy, the connection was cut, the list has become too old to go on with.
_PASSES: Final = frozenset({0, HTTPStatus.GONE, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

_Kept = TypeVar("_Kept")


def listed(source: Objects[_Kept], times: Times) -> Iterator[tuple[str, _Kept]]:
    """The objects in *source*, by name, each once. Raises Failure, after some tries where that may help."""
    seen: set[str] = set()
    rest = ""
    faults = 0
    for _ in count():
        try:
            page = source.page(rest)
        except Failure as failure:
            faults += 1
            if failure.status not in _PASSES or faults == _TRIES:
                raise
            if failure.status == HTTPStatus.GONE:
                rest = ""
            times.sleep(pause(faults, times.chance(), failure.wait))
            continue
        faults = 0
        for name, kept in page.found.items():
            if name not in seen:
                seen.add(name)
                yield name, kept
        rest = page.rest
        if not rest:
            return
