"""The cluster that a review asks, behind an API server."""

import random
import time
from collections.abc import Iterator, Sequence
from functools import partial
from threading import Semaphore, Thread
from typing import Final, NamedTuple, NoReturn

from webhook.admission import Excerpt, LookupFailed, MustWait, PodListFailed
from webhook.cluster.access import Access
from webhook.cluster.api import Api
from webhook.cluster.inventory import FollowedInventory
from webhook.cluster.kind import Objects
from webhook.cluster.lookups import Lookups
from webhook.cluster.namespaces import NAMESPACES, Labels, Namespaces
from webhook.cluster.observer import Observer
from webhook.cluster.pods import parts_of
from webhook.cluster.reflector import Times
from webhook.cluster.source import Source
from webhook.cluster.turns import turn
from webhook.nodes.inventory import NOTHING, Snapshot
from webhook.policy.pod import Pod

# Thousands of pods are held while a namespace is checked.
_LISTS_AT_ONCE: Final = 2
_NOT_STARTED: Final = "the namespaces are not followed yet"


class SystemTimes:
    """The machine's clocks and chance."""

    monotonic = staticmethod(time.monotonic)
    wall = staticmethod(time.time)
    sleep = staticmethod(time.sleep)
    chance = staticmethod(random.Random().random)  # noqa: S311 - nobody gains from guessing a pause


class _Parts(NamedTuple):
    api: Api
    observer: Observer
    source: Source
    namespaces: Namespaces
    lookups: Lookups


class LiveCluster:
    """Namespaces and pods of the cluster to which *access* leads; deadlines are on the clock of *times*.

    Nothing is asked before ``start``, which belongs after the last fork.
    """

    def __init__(self, access: Access, times: Times | None = None) -> None:
        self._access = access
        self._times = times or SystemTimes()
        self._parts: _Parts | None = None
        self._lists = Semaphore(_LISTS_AT_ONCE)
        self._inventory: FollowedInventory | None = None

    def start(self, observer: Observer) -> None:
        """Follow the cluster's namespaces from now on, and tell *observer*."""
        times = self._times
        clock = times.monotonic
        api = Api(self._access, clock, observer)
        source = Source(api, clock)
        namespaces = Namespaces(Objects(api, NAMESPACES, clock), times, observer)
        lookups = Lookups(namespaces, source, clock, observer)
        self._parts = _Parts(api, observer, source, namespaces, lookups)
        Thread(target=namespaces.run, name="namespaces", daemon=True).start()
        Thread(target=_tell_permissions, args=(source, observer), name="permissions", daemon=True).start()

    def waits_for(self) -> str | None:
        """What of the cluster is still to come before it can be asked, in words."""
        return self._parts.namespaces.waits_for() if self._parts else _NOT_STARTED

    def follow_nodes(self, *, wanted: bool) -> None:
        """From now on follow nodes and what they hold, or do no more. To be called by one thread at a time.

        Nothing waits for them: until they are known they are not, and that is not the same as missing.
        """
        if wanted and self._inventory is None and self._parts is not None:
            self._inventory = FollowedInventory(self._parts.api, self._times, self._parts.observer)
            self._inventory.start()
        elif not wanted and self._inventory is not None:
            self._inventory.stop()
            self._inventory = None

    def inventory(self) -> Snapshot:
        """The nodes that there are and what they hold, as far as it is known without asking."""
        inventory = self._inventory
        return NOTHING if inventory is None else inventory.snapshot()

    def labels_of(self, namespace: str, deadline: float | None = None) -> Labels:
        """The labels of *namespace* that policies are made of, before *deadline*.

        Raises NamespaceNotFound and LookupFailed.
        """
        if self._parts is None:
            raise LookupFailed(_NOT_STARTED)
        return self._parts.lookups.labels_of(namespace, deadline)

    def labels_at_once(self, namespace: str) -> Labels:
        """As ``labels_of``, from memory. Raises NamespaceNotFound, and MustWait where one must ask."""
        if self._parts is None:
            raise MustWait
        return self._parts.lookups.labels_at_once(namespace)

    def pods_in(self, namespace: str, deadline: float) -> Excerpt:
        """The pods of *namespace*, as many as there is time for before *deadline*.

        Raises PodListFailed where the first is taken.
        """
        return Excerpt(partial(self._parts_of, namespace, deadline))

    def _parts_of(self, namespace: str, deadline: float) -> Iterator[tuple[Sequence[Pod], int]]:
        if self._parts is None:
            raise PodListFailed(_NOT_STARTED)
        clock = self._times.monotonic
        crowded = PodListFailed("too many namespaces are being checked at once")
        with turn(self._lists, deadline - clock(), crowded):
            yield from parts_of(self._parts.source, namespace, clock, deadline)


class Remembered:
    """What is known of *cluster* without asking it."""

    def __init__(self, cluster: LiveCluster) -> None:
        self._cluster = cluster

    def labels_of(self, namespace: str, _deadline: float | None = None) -> Labels:
        """The labels of *namespace* that policies are made of. Raises NamespaceNotFound and MustWait."""
        return self._cluster.labels_at_once(namespace)

    def inventory(self) -> Snapshot:
        """As the cluster's, which asks nobody."""
        return self._cluster.inventory()

    def pods_in(self, _namespace: str, _deadline: float) -> NoReturn:
        """Nothing: pods are always asked for. Raises MustWait."""
        raise MustWait


def _tell_permissions(source: Source, observer: Observer) -> None:
    """Say at the start what would only be found out when it is needed."""
    for failure in source.missing_permissions():
        observer.said("error", str(failure))
