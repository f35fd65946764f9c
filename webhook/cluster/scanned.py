"""The cluster as it is now, for who looks at it one time: what cannot be read is told, the rest is read."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Final, TypeVar

from webhook.cluster.access import Access
from webhook.cluster.api import Api
from webhook.cluster.failure import Failure
from webhook.cluster.gathered import Gathered
from webhook.cluster.kind import Kind, Objects
from webhook.cluster.listing import listed
from webhook.cluster.live import SystemTimes
from webhook.cluster.namespaces import NAMESPACES, Labels, namespace_in
from webhook.cluster.node_profiles import node_profiles
from webhook.cluster.nodes import NODES
from webhook.cluster.operator import PROFILES, STATUSES
from webhook.cluster.requests import get_namespace
from webhook.cluster.workloads import Live, workload_kinds
from webhook.nodes.inventory import Snapshot

_TIME_FOR_ONE: Final = 10.0

_Kept = TypeVar("_Kept")


class _Nobody:
    """Who is not told of requests."""

    def asked(self, wanted: str, status: str) -> None:
        """Called for every request."""


class ScannedCluster:
    """The cluster to which *access* leads; *complain* is told of each thing that could not be read.

    Everything raises Failure where there is no answer at all: nothing else would get one.
    """

    def __init__(self, access: Access, complain: Callable[[str], None]) -> None:
        self._times = SystemTimes()
        self._api = Api(access, self._times.monotonic, _Nobody())
        self._complain = complain

    def namespaces(self, only: str | None = None) -> Mapping[str, Labels]:
        """The labels of all namespaces, or of *only* one; those that cannot be read are absent."""
        if only is None:
            return dict(self._listed(NAMESPACES))
        request = get_namespace(only)
        try:
            answer = self._api.fetch(request, self._times.monotonic() + _TIME_FOR_ONE)
        except Failure as failure:
            _unless_answered(failure)
            self._complain(str(failure))
            return {}
        return {only: namespace_in(answer).kept}

    def workloads(self, namespace: str | None = None) -> Iterator[Live]:
        """What makes pods, and then the pods; in *namespace*, or in all."""
        for kind in workload_kinds(namespace):
            for _, live in self._listed(kind):
                yield live

    def inventory(self) -> Snapshot:
        """The nodes and what they hold."""
        gathered = Gathered(self._complain)
        gathered.replace_nodes(dict(self._listed(NODES)))
        operator = dict(self._listed(PROFILES))
        gathered.replace_profiles(operator)
        gathered.replace_statuses(dict(self._listed(STATUSES)))
        # Without an operator there is nobody else to ask.
        kind = node_profiles(gathered.holding)
        gathered.replace_reports(dict(self._listed(kind, must_be_there=not operator)))
        return gathered.snapshot()

    def _listed(self, kind: Kind[_Kept], *, must_be_there: bool = False) -> Iterator[tuple[str, _Kept]]:
        source = Objects(self._api, kind, self._times.monotonic)
        try:
            yield from listed(source, self._times)
        except Failure as failure:
            _unless_answered(failure)
            is_absent = failure.status == HTTPStatus.NOT_FOUND and bool(kind.absence)
            if not is_absent or must_be_there:
                self._complain(kind.absence if is_absent else str(failure))


def _unless_answered(failure: Failure) -> None:
    if not failure.status:
        raise failure
