"""Kinds of objects that are followed, and where their lists and watches come from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final, Generic, NamedTuple, TypeVar

from webhook.cluster import objects, requests
from webhook.cluster.api import Api
from webhook.cluster.failure import Failure
from webhook.cluster.objects import Reader
from webhook.cluster.positions import Change, Page
from webhook.cluster.requests import Collection

_Kept = TypeVar("_Kept")

_TIME_FOR_A_PAGE: Final = 30.0
# Bookmarks come every minute; without any, the watch may be one that nobody serves any more.
_LONGEST_SILENCE: Final = 90.0


class Kind(NamedTuple, Generic[_Kept]):
    """Objects that are followed: what people call them, where they may be, and what reads one of them.

    Of several *collections*, versions of the same, the first that there is counts. *absence* says what it
    means that there is none; without it, that cannot be.
    """

    called: str
    collections: tuple[Collection, ...]
    read: Reader[_Kept]
    absence: str = ""


class Objects(Generic[_Kept]):
    """The objects of *kind* behind *api*.

    Everything raises Failure; of the status 404 where there is no such kind.
    """

    def __init__(self, api: Api, kind: Kind[_Kept], clock: Callable[[], float]) -> None:
        self._api = api
        self._kind = kind
        self._clock = clock
        self._there = kind.collections[0]

    def page(self, rest: str) -> Page[_Kept]:
        """The first part of the list, or the one at *rest*."""
        if rest:
            return self._page(self._there, rest)
        *newer, oldest = self._kind.collections
        for collection in newer:
            try:
                return self._first(collection)
            except Failure as failure:
                if failure.status != HTTPStatus.NOT_FOUND:
                    raise
        return self._first(oldest)

    @contextmanager
    def changes(self, version: int, seconds: int) -> Iterator[Iterator[Change[_Kept]]]:
        """What changes after *version*, as it happens, for so many *seconds* at most."""
        request = requests.watch_all(self._there, version, seconds)
        until = self._clock() + _TIME_FOR_A_PAGE
        read = self._kind.read
        with self._api.follow(request, until, _LONGEST_SILENCE) as lines:
            yield (objects.change_in(read, request.wanted, line) for line in lines)

    def _first(self, collection: Collection) -> Page[_Kept]:
        page = self._page(collection, "")
        self._there = collection
        return page

    def _page(self, collection: Collection, rest: str) -> Page[_Kept]:
        request = requests.list_all(collection, rest)
        answer = self._api.fetch(request, self._clock() + _TIME_FOR_A_PAGE)
        return objects.page_in(self._kind.read, request.wanted, answer)
