"""Nodes and the profiles that they hold, as they are in the cluster: followed, and never waited for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any, Final, Generic, Protocol, TypeVar

from webhook.cluster.api import Api
from webhook.cluster.gathered import Gathered
from webhook.cluster.kind import Kind, Objects
from webhook.cluster.node_profiles import NODE_PROFILES, node_profiles
from webhook.cluster.nodes import NODES
from webhook.cluster.observer import Following
from webhook.cluster.operator import PROFILES, STATUSES
from webhook.cluster.reflector import Reflector, Times
from webhook.nodes.inventory import Snapshot

FOLLOWED: Final = (NODES.called, NODE_PROFILES, PROFILES.called, STATUSES.called)
"""What people call the objects that are followed."""

_Kept = TypeVar("_Kept")


class Observer(Protocol):
    """Who is told of each kind of objects."""

    def of(self, called: str) -> Following:
        """Told of those that people call *called*."""


@dataclass(frozen=True, slots=True)
class _Into(Generic[_Kept]):
    """Where what is heard goes."""

    known: Callable[[], int]
    replace: Callable[[Mapping[str, _Kept]], None]
    put: Callable[[str, _Kept], None]
    remove: Callable[[str], None]


class FollowedInventory:
    """The inventory of the cluster behind *api*, from ``start`` to ``stop``; it cannot be started again."""

    def __init__(self, api: Api, times: Times, observer: Observer) -> None:
        self._gathered = into = Gathered(partial(observer.of(NODE_PROFILES).said, "warning"))
        self._reflectors: dict[str, Reflector[Any]] = {}

        def follow(kind: Kind[_Kept], copy: _Into[_Kept]) -> None:
            source = Objects(api, kind, times.monotonic)
            told = observer.of(kind.called)
            self._reflectors[kind.called] = Reflector(
                source, copy, times, told, called=kind.called, absence=kind.absence
            )

        follow(NODES, _Into(lambda: into.nodes, into.replace_nodes, into.put_node, into.remove_node))
        follow(
            node_profiles(into.holding),
            _Into(lambda: into.reported, into.replace_reports, into.put_report, into.remove_report),
        )
        follow(
            PROFILES,
            _Into(lambda: into.profiles, into.replace_profiles, into.put_profile, into.remove_profile),
        )
        follow(
            STATUSES,
            _Into(lambda: into.installed, into.replace_statuses, into.put_status, into.remove_status),
        )

    def start(self) -> None:
        """Follow from now on."""
        for called, reflector in self._reflectors.items():
            Thread(target=reflector.run, name=called, daemon=True).start()

    def stop(self) -> None:
        """Follow no more. What is known is not kept up from now on."""
        for reflector in self._reflectors.values():
            reflector.stop()

    def snapshot(self) -> Snapshot:
        """What is known now."""
        return self._gathered.snapshot()
