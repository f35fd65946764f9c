"""Two clusters in the same state: in one the built-in plugin judges pods, in the other the webhook."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from tests.e2e.access import Rights
from tests.e2e.api import Api, Manifest
from tests.e2e.cluster import WebhookCluster, judges
from tests.e2e.control_plane import ControlPlane
from tests.e2e.processes import wait_for
from tests.e2e.running import Running
from tests.e2e.twin.objects import namespace_with, policy
from tests.e2e.twin.outcome import Outcome, counters, outcome
from tests.e2e.twin.request import Request
from tests.e2e.twin.vocabulary import PLACE

_SIX: Final = ("enforce", "enforce_version", "audit", "audit_version", "warn", "warn_version")

FROM_BEFORE: Final[tuple[Manifest, ...]] = (
    namespace_with("old-enforce", policy(enforce="strict")),
    namespace_with("old-version", policy(enforce="baseline", enforce_version="1.25")),
    namespace_with("old-both", policy(enforce="strict", enforce_version="v1.20", warn="baseline")),
    namespace_with("old-audit", policy(enforce="privileged", audit="Baseline", warn="all")),
    namespace_with("old-six", policy(**dict.fromkeys(_SIX, "x"))),
)
"""Namespaces with labels that nobody could set today: they are older than Pod Security."""

_OTHERS: Final[tuple[Manifest, ...]] = (
    namespace_with(PLACE, policy(enforce="privileged")),
    *(
        {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": name}, "handler": name}
        for name in ("exempt-class", "gvisor")
    ),
)
"""What pods in these tests refer to."""


class Twins(Running):
    """The two clusters; as a context, both are ready and hold the same."""

    def __init__(self, place: Path, admission: Path | None) -> None:
        self._plugin = ControlPlane(place / "plugin", pod_security=False, admission=admission)
        self._webhook = WebhookCluster(place / "webhook", admission=admission)
        self.apis: tuple[Api, Api] = (self._plugin.admin, self._webhook.admin)
        self._pool = ThreadPoolExecutor(2)

    def kill(self) -> None:
        """End everything at once."""
        self._pool.shutdown()
        self._plugin.kill()
        self._webhook.kill()

    def outcomes(self, request: Request) -> tuple[Outcome, Outcome]:
        """What the request comes to in both."""
        plugin, webhook = self._pool.map(request.send, self.apis)
        return outcome(plugin, self._plugin.audit), outcome(webhook, self._webhook.plane.audit)

    def counters(self) -> tuple[dict[str, float], dict[str, float]]:
        """The counters of Pod Security in both."""
        exposed = self._plugin.admin.ask("GET", "metrics").good().body
        return counters(exposed), counters(self._webhook.webhook.metrics())

    def start(self) -> None:
        """Start both, and give them the namespaces that are older than Pod Security."""
        self._plugin.start()
        Rights(self._plugin.admin).give()
        self._webhook.start()
        self._webhook.unregister()
        for api in self.apis:
            for each in (*FROM_BEFORE, *_OTHERS):
                api.create(each).good()
        self._plugin.stop("kube-apiserver")
        self._plugin.pod_security = True
        self._plugin.start_api_server()
        self._webhook.register()
        for api in self.apis:
            wait_for(partial(judges, api), "Pod Security is done")
