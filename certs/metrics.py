"""What the controller counts, and how it looks from outside."""

from threading import Lock
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from certs.rotate import Outcome


class Metrics:
    """The gauges and counters of a controller, and what its probes say."""

    def __init__(self) -> None:
        self.registry: Final = CollectorRegistry()
        self._lock = Lock()
        self._problems: tuple[str, ...] = ("nothing was read yet",)
        self._ends = Gauge(
            "seccomp_webhook_certificate_not_after_timestamp_seconds",
            "When the serving certificate (leaf), and the authority that signs (ca), end.",
            ("kind",),
            registry=self.registry,
        )
        self._in_sync = Gauge(
            "seccomp_webhook_ca_bundle_in_sync",
            "Whether the webhook has the bundle as its caBundle.",
            ("webhook",),
            registry=self.registry,
        )
        self._steps = Counter(
            "seccomp_webhook_certificate_steps",
            "Steps of rotations, by their result.",
            ("step", "result"),
            registry=self.registry,
        )
        self._leads = Gauge(
            "seccomp_webhook_certificate_leader", "Whether this process rotates.", registry=self.registry
        )

    def count(self, step: str, result: str) -> None:
        """Count a step with its *result*: ``done`` or ``failed``."""
        self._steps.labels(step, result).inc()

    def saw(self, outcome: Outcome | None) -> None:
        """Show what a round left behind; None is that of another process."""
        self._leads.set(outcome is not None)
        with self._lock:
            self._problems = outcome.problems if outcome else ()
        if outcome is None:
            # Who has stopped looking shows nothing, rather than what is no longer so.
            self._ends.clear()
            self._in_sync.clear()
        elif (seen := outcome.seen) is not None:
            signer = seen.authorities.signer
            ends = {
                "leaf": seen.serving.certificate.not_valid_after_utc if seen.serving.certificate else None,
                "ca": signer.certificate.not_valid_after_utc if signer else None,
            }
            self._ends.clear()
            for kind, end in ends.items():
                if end is not None:
                    self._ends.labels(kind).set(end.timestamp())
            self._in_sync.clear()
            states: dict[str, bool] = {}
            for each in seen.published:
                out = each.out_of_sync(seen.authorities.bundle)
                for webhook in each.bundles:
                    states[webhook] = states.get(webhook, True) and webhook not in out
            for webhook, is_in_sync in states.items():
                self._in_sync.labels(webhook).set(is_in_sync)

    def not_ready(self) -> str:
        """What stands in the way, in words; empty where nothing does."""
        with self._lock:
            return "\n".join(self._problems)

    def exposition(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
