"""What is asked of the API server, and read from its answers: requests out, values in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from webhook.cluster import objects, requests
from webhook.cluster.api import Api
from webhook.cluster.failure import Failure
from webhook.cluster.objects import PodPage
from webhook.cluster.positions import Change, Labels, Page

_TIME_FOR_A_PAGE: Final = 30.0
_TIME_FOR_A_PROBE: Final = 5.0
# Bookmarks come every minute; without any, the watch may be one that nobody serves any more.
_LONGEST_SILENCE: Final = 90.0
_ALWAYS_THERE: Final = "default"


class Source:
    """The namespaces and pods of the API server behind *api*. Everything raises Failure."""

    def __init__(self, api: Api, clock: Callable[[], float]) -> None:
        self._api = api
        self._clock = clock

    def page(self, rest: str) -> Page:
        """The first part of the list of namespaces, or the one at *rest*."""
        request = requests.list_namespaces(rest)
        return objects.page_in(request.wanted, self._api.fetch(request, self._clock() + _TIME_FOR_A_PAGE))

    @contextmanager
    def changes(self, version: int, seconds: int) -> Iterator[Iterator[Change]]:
        """What changes after *version*, as it happens, for so many *seconds* at most."""
        request = requests.watch_namespaces(version, seconds)
        until = self._clock() + _TIME_FOR_A_PAGE
        with self._api.follow(request, until, _LONGEST_SILENCE) as lines:
            yield (objects.change_in(request.wanted, line) for line in lines)

    def namespace(self, name: str, until: float) -> Labels | None:
        """The labels of the namespace *name*, or None if there is none."""
        request = requests.get_namespace(name)
        try:
            _, labels = objects.namespace_in(request.wanted, self._api.fetch(request, until))
        except Failure as failure:
            if failure.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return labels

    def pods(self, namespace: str, rest: str, until: float) -> PodPage:
        """The first pods of *namespace*, or those at *rest*."""
        seconds = max(1, int(until - self._clock()))
        request = requests.list_pods(namespace, rest, seconds)
        return objects.pods_in(request.wanted, self._api.fetch(request, until))

    def missing_permissions(self) -> Iterator[Failure]:
        """Why what is only needed now and then would fail: a namespace looked up, pods listed."""
        for request in (requests.get_namespace(_ALWAYS_THERE), requests.any_pod()):
            try:
                self._api.fetch(request, self._clock() + _TIME_FOR_A_PROBE)
            except Failure as failure:
                if failure.status == HTTPStatus.FORBIDDEN:
                    yield failure
