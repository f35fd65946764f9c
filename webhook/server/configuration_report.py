"""What there is to tell of the configuration: lines of the log, and numbers.

To be imported only when it is settled whether several workers count together
(``webhook.server.shared_counters``).
"""

from prometheus_client import CollectorRegistry, Counter, Gauge

from webhook.config import Settings, changes
from webhook.server.journal import Journal


class ConfigurationReport:
    """Takes what is told, from any thread. Of several workers, the one worst off gives the numbers."""

    def __init__(self, journal: Journal, registry: CollectorRegistry) -> None:
        self._journal = journal
        self._reloads = Counter(
            "seccomp_webhook_configuration_reloads",
            "Changes of the configuration that were taken over (success), or could not be (failure).",
            ("result",),
            registry=registry,
        )
        self._valid = Gauge(
            "seccomp_webhook_configuration_valid",
            "1 where the file is what is in force, 0 where it is bad, and the last good one holds.",
            multiprocess_mode="livemin",
            registry=registry,
        )
        self._expired = Gauge(
            "seccomp_webhook_exceptions_expired",
            "Exceptions in the configuration that have ended and let nothing pass any more.",
            multiprocess_mode="livemax",
            registry=registry,
        )
        for result in ("success", "failure"):
            self._reloads.labels(result)

    def begins(self) -> None:
        """Set the numbers at the start; after the fork, as those of the certificate."""
        self._valid.set(1)
        self._expired.set(0)

    def changed(self, old: Settings, new: Settings) -> None:
        """Tell of a new configuration."""
        self._valid.set(1)
        self._reloads.labels("success").inc()
        self._journal.say("info", "configuration", f"a new configuration is in force: {changes(old, new)}")

    def kept(self, problem: str) -> None:
        """Tell why the last good configuration stays."""
        self._valid.set(0)
        self._reloads.labels("failure").inc()
        self._journal.say("warning", "configuration", f"{problem}; the last good configuration stays")

    def expired(self, names: frozenset[str], number: int) -> None:
        """Tell of exceptions that have just ended, or were found to have; *number* have by now."""
        self._expired.set(number)
        for name in sorted(names):
            words = f'the exception "{name}" has expired: it lets nothing pass any more'
            self._journal.say("warning", "exception", words)
