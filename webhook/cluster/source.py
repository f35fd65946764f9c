"""What is asked of the API server now and then, and read from its answers: requests out, values in."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from webhook.cluster import objects, requests
from webhook.cluster.api import Api
from webhook.cluster.failure import Failure
from webhook.cluster.namespaces import Labels, namespace_in
from webhook.cluster.objects import PodPage

_TIME_FOR_A_PROBE: Final = 5.0
_ALWAYS_THERE: Final = "default"


class Source:
    """What is asked of the API server behind *api* now and then. Everything raises Failure."""

    def __init__(self, api: Api, clock: Callable[[], float]) -> None:
        self._api = api
        self._clock = clock

    def namespace(self, name: str, until: float) -> Labels | None:
        """The labels of the namespace *name*, or None if there is none."""
        request = requests.get_namespace(name)
        try:
            answer = self._api.fetch(request, until)
        except Failure as failure:
            if failure.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return objects.object_in(namespace_in, request.wanted, answer).kept

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
