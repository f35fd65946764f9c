"""A limit to how often something is said."""

from threading import Lock
from time import monotonic


class Rate:
    """At most *burst* at once and one per *interval* seconds in the long run; the rest is counted."""

    def __init__(self, burst: int, interval: float) -> None:
        self._burst = burst
        self._interval = interval
        self._lock = Lock()
        self._left = float(burst)
        self._since = monotonic()
        self._suppressed = 0

    def allows(self) -> int | None:
        """How many were suppressed since the last one that was allowed; None if this one is not."""
        with self._lock:
            moment = monotonic()
            self._left = min(self._burst, self._left + (moment - self._since) / self._interval)
            self._since = moment
            if self._left < 1:
                self._suppressed += 1
                return None
            self._left -= 1
            suppressed, self._suppressed = self._suppressed, 0
            return suppressed
