"""What there is to tell of the certificate that is served: lines of the log, and numbers.

To be imported only when it is settled whether several workers count together
(``webhook.server.shared_counters``).
"""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from webhook.server.journal import Journal


class CertificateReport:
    """Takes what is told, from any thread. Of several workers, the one worst off gives the number."""

    def __init__(self, journal: Journal, registry: CollectorRegistry) -> None:
        self._journal = journal
        self._ends = Gauge(
            "seccomp_webhook_certificate_not_after_timestamp_seconds",
            "When the certificate that is served ends.",
            ("kind",),
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._reloads = Counter(
            "seccomp_webhook_certificate_reloads_total",
            "Changes of the certificate's files that were taken over (success), or could not be (failure).",
            ("result",),
            registry=registry,
        )
        for result in ("success", "failure"):
            self._reloads.labels(result)

    def serves(self, ends: datetime) -> None:
        """Set when the certificate ends that is served.

        To be called after the fork, too: numbers of before it are zero in a worker, and stay for ever in the
        process that only starts workers.
        """
        self._ends.labels("leaf").set(ends.timestamp())

    def changed(self, ends: datetime) -> None:
        """Tell of a new certificate."""
        self.serves(ends)
        self._reloads.labels("success").inc()
        words = f"serving a new certificate, valid until {ends:%Y-%m-%d %H:%M:%S} UTC"
        self._journal.say("info", "certificate", words)

    def trusts(self) -> None:
        """Tell of a new authority of clients."""
        self._reloads.labels("success").inc()
        self._journal.say("info", "certificate", "clients are verified by a new authority")

    def kept(self, problem: str) -> None:
        """Tell why the last good certificate stays."""
        self._reloads.labels("failure").inc()
        self._journal.say("warning", "certificate", problem)
