"""What is counted: the built-in plugin's counters under their own names, and ours.

Source: Kubernetes, metrics of Pod Security admission; a dashboard made for the plugin works here unchanged.
To be imported only when it is settled whether several workers count together
(``webhook.server.shared_counters``).
"""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

from webhook.mutation.switches import KNOWN
from webhook.policy.engine import NEWEST
from webhook.policy.standard import LATEST, Standard
from webhook.server.shared_counters import DIRECTORY

if TYPE_CHECKING:
    from webhook.admission import Decision

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_OPERATIONS: Final = {"CREATE": "create", "UPDATE": "update"}
# A name that a caller makes up becomes a label: there must be an end to how many.
_MOST_NAMES: Final = 64
_LONGEST_NAME: Final = 63
_OTHER: Final = "other"


class Metrics:
    """The counters of this process, and the exposition of all of them."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library left it untyped
        self.registry: Final = CollectorRegistry()
        self._evaluations = Counter(
            "pod_security_evaluations_total",
            "Evaluations of a pod against a policy; what is exempt or ignored is not evaluated.",
            (
                "decision",
                "policy_level",
                "policy_version",
                "mode",
                "request_operation",
                "resource",
                "subresource",
            ),
            registry=self.registry,
        )
        self._exemptions = Counter(
            "pod_security_exemptions_total",
            "Requests that were exempt; what is ignored is not counted.",
            ("request_operation", "resource", "subresource"),
            registry=self.registry,
        )
        self._errors = Counter(
            "pod_security_errors_total",
            "Errors that stood in the way of an evaluation (fatal), or made it stricter than asked for.",
            ("fatal", "request_operation", "resource", "subresource"),
            registry=self.registry,
        )
        self._mutations = Counter(
            "seccomp_webhook_mutations_total",
            "Pods that a default was put into.",
            ("default",),
            registry=self.registry,
        )
        self._mutation_errors = Counter(
            "seccomp_webhook_mutation_errors_total",
            "Pods that were let through as they came, because something stood in the way of the defaults.",
            registry=self.registry,
        )
        self._exceptions = Counter(
            "seccomp_webhook_exceptions_total",
            "Requests in which an exception let something pass, warnings and audit included.",
            ("exception",),
            registry=self.registry,
        )
        self._localhost_profiles = Counter(
            "seccomp_webhook_localhost_profiles_total",
            "Requests with something wrong, or not known, about profiles of the node, by what followed.",
            ("control", "decision"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "seccomp_webhook_request_duration_seconds",
            "Time from the head of a review to its answer.",
            ("path", "code"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._refused = Counter(
            "seccomp_webhook_refused_total",
            "Requests that were not looked at, and handshakes that failed, by the reason.",
            ("reason",),
            registry=self.registry,
        )
        self._would_refuse = Counter(
            "seccomp_webhook_would_refuse_total",
            "Requests that were let in, and would be refused if anything were (--audit-only).",
            ("code", "resource"),
            registry=self.registry,
        )
        self._in_flight = Gauge(
            "seccomp_webhook_requests_in_flight",
            "Requests whose head has begun and that are not answered, looked at ten times a second.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self._connections = Gauge(
            "seccomp_webhook_connections",
            "Connections of clients, those that are shaking hands included.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        for default in sorted(KNOWN):
            self._mutations.labels(default)
        self._names: set[str] = set()
        # Children are looked up for every request; finding them by their labels costs more than counting.
        self._evaluation = lru_cache(maxsize=512)(self._evaluations.labels)
        self._second = lru_cache(maxsize=64)(self._seconds.labels)
        for operation in _OPERATIONS.values():
            self._evaluations.labels("allow", "privileged", "latest", "enforce", operation, "pod", "")
            for resource in ("pod", "controller"):
                self._exemptions.labels(operation, resource, "")

    def record(self, decision: "Decision") -> None:
        """Count what *decision* tells. The plugin's counters know nothing of defaults."""
        if decision.mutates:
            for default in decision.mutated:
                self._mutations.labels(default).inc()
            if decision.error:
                self._mutation_errors.inc()
            return
        request = (
            _OPERATIONS.get(decision.operation) or self._bounded(decision.operation.lower()),
            decision.metric_resource,
            self._bounded(decision.subresource),
        )
        for outcome, standard, mode in decision.evaluations:
            self._evaluation(outcome, str(standard.level), _version_of(standard), mode, *request).inc()
        if decision.would_refuse:
            self._would_refuse.labels(str(decision.would_refuse), decision.metric_resource).inc()
        if decision.exempt:
            self._exemptions.labels(*request).inc()
        for control, followed in decision.localhost_profiles:
            self._localhost_profiles.labels(control, followed).inc()
        for name in decision.exceptions:
            self._exceptions.labels(name).inc()
        for is_fatal in decision.errors:
            self._errors.labels("true" if is_fatal else "false", *request).inc()

    def took(self, seconds: float, path: str, code: int) -> None:
        """Count an answer with the HTTP status *code* to a review at *path*, after *seconds*."""
        self._second(path, str(code)).observe(seconds)

    def refused(self, reason: str) -> None:
        """Count what was refused for *reason*, one of few words."""
        self._refused.labels(reason).inc()

    def in_flight(self, requests: int) -> None:
        """Set how many requests have begun and are not answered."""
        self._in_flight.set(requests)

    def connected(self, connections: int) -> None:
        """Set how many connections there are."""
        self._connections.set(connections)

    def exposition(self) -> tuple[str, bytes]:
        """Content type and text of all counters, those of other workers included."""
        registry = self.registry
        if directory := os.environ.get(DIRECTORY):
            registry = CollectorRegistry()
            MultiProcessCollector(registry, directory)  # type: ignore[no-untyped-call]  # as above
        return CONTENT_TYPE_PLAIN_0_0_4, generate_latest(registry)

    def _bounded(self, name: str) -> str:
        if name in self._names or not name:
            return name
        if len(self._names) >= _MOST_NAMES or len(name) > _LONGEST_NAME:
            return _OTHER
        self._names.add(name)
        return name


def _version_of(standard: Standard) -> str:
    """The label for the version that counts: the level privileged is the same in all."""
    if standard.version == LATEST or not standard.level:
        return str(LATEST)
    return str(standard.version) if standard.version <= NEWEST else "future"
