"""What the source of namespaces tells, where it follows a cluster: lines of the log, and numbers.

To be imported only when it is settled whether several workers count together
(``webhook.server.shared_counters``).
"""

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge

from webhook.server.journal import Journal


class ClusterReport:
    """Takes what is told, from any thread. Of several workers, the one worst off gives the number."""

    def __init__(self, journal: Journal, registry: CollectorRegistry) -> None:
        self._journal = journal
        self._namespaces = Gauge(
            "seccomp_webhook_namespaces",
            "Namespaces that are known from the cluster.",
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._behind = Gauge(
            "seccomp_webhook_namespaces_stale_since_timestamp_seconds",
            "Since when changes of namespaces are not being heard; 0 while they are.",
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._known = {
            "nodes": Gauge(
                "seccomp_webhook_nodes_known",
                "Nodes that are known from the cluster.",
                multiprocess_mode="livemin",
                registry=registry,
            ),
            "node profiles": Gauge(
                "seccomp_webhook_node_profiles_known",
                "Nodes of which it is known which profiles they hold, because their agent says so.",
                multiprocess_mode="livemin",
                registry=registry,
            ),
        }
        self._inventory_behind = Gauge(
            "seccomp_webhook_inventory_stale_since_timestamp_seconds",
            "Since when changes of nodes, or of what they hold, are not being heard; 0 while they are.",
            ("of",),
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._requests = Counter(
            "seccomp_webhook_api_requests_total",
            "Requests to the API server, by what they need permission for; a code of none is no answer.",
            ("request", "code"),
            registry=registry,
        )
        self._lookups = Counter(
            "seccomp_webhook_namespace_lookups_total",
            "Namespaces that reviews asked for: known, or looked up with this outcome.",
            ("outcome",),
            registry=registry,
        )

    def said(self, severity: Literal["info", "warning", "error"], message: str) -> None:
        """Write a line for people."""
        self._journal.say(severity, "cluster", message)

    def asked(self, wanted: str, status: str) -> None:
        """Count a request to the API server."""
        self._requests.labels(wanted, status).inc()

    def knows(self, namespaces: int) -> None:
        """Set how many namespaces are known."""
        self._namespaces.set(namespaces)

    def is_behind(self, since: float | None) -> None:
        """Set since when nothing is heard of changes, as a time of day."""
        self._behind.set(since or 0.0)

    def of(self, called: str) -> "InventoryReport":
        """Who takes what is told of the objects *called* so, of which the inventory of nodes is made."""
        return InventoryReport(self._journal, self._known.get(called), self._inventory_behind.labels(called))

    def looked_up(self, found: Literal["known", "found", "absent", "failed"]) -> None:
        """Count a namespace that was asked for."""
        self._lookups.labels(found).inc()


class InventoryReport:
    """Takes what is told of one kind of objects; *known* is how many there are, where that is a number."""

    def __init__(self, journal: Journal, known: Gauge | None, behind: Gauge) -> None:
        self._journal = journal
        self._known = known
        self._behind = behind

    def said(self, severity: Literal["info", "warning", "error"], message: str) -> None:
        """Write a line for people."""
        self._journal.say(severity, "cluster", message)

    def knows(self, number: int) -> None:
        """Set how many are known."""
        if self._known is not None:
            self._known.set(number)

    def is_behind(self, since: float | None) -> None:
        """Set since when nothing is heard of changes, as a time of day."""
        self._behind.set(since or 0.0)
