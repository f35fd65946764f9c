"""Nodes and the profiles that they hold, as they are in the cluster: followed, and never waited for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from webhook.cluster.api import Api
from webhook.cluster.gathered import Gathered
from webhook.cluster.kind import Kind, Objects
from webhook.cluster.node_profiles import NODE_PROFILES, node_profiles
from webhook.cluster.nodes import NODES
from webhook.cluster.observer import Following
from webhook.cluster.operator import PROFILES, STATUSES
from webhook.cluster.reflector import Reflector, Times
from webhook.nodes.holding import Holding
from webhook.nodes.inventory import Snapshot
from webhook.nodes.report import NodeReport

_Kept = TypeVar("_Kept")


def followed_kinds(keep: Callable[[NodeReport], Holding]) -> tuple[Kind[Any], ...]:
    """The kinds of objects that are followed; *keep* makes of a report what is kept of it."""
    return NODES, node_profiles(keep), PROFILES, STATUSES


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
        copies: tuple[_Into[Any], ...] = (
            _Into(lambda: into.nodes, into.replace_nodes, into.put_node, into.remove_node),
            _Into(lambda: into.reported, into.replace_reports, into.put_report, into.remove_report),
            _Into(lambda: into.profiles, into.replace_profiles, into.put_profile, into.remove_profile),
            _Into(lambda: into.installed, into.replace_statuses, into.put_status, into.remove_status),
        )
        self._reflectors = {
            kind.called: Reflector(
                Objects(api, kind, times.monotonic),
                copy,
                times,
                observer.of(kind.called),
                called=kind.called,
                absence=kind.absence,
            )
            for kind, copy in zip(followed_kinds(into.holding), copies, strict=True)
        }

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
