"""The time that a caller leaves us: ``?timeout=10s``, a duration as Go writes it.

Source: Go's documentation of ``time.ParseDuration``; Kubernetes documentation, "Dynamic Admission Control",
section "Timeouts", for who sends it.
"""

import re
from functools import lru_cache
from urllib.parse import parse_qs

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"([0-9]++\.?[0-9]*+|\.[0-9]++)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_DURATION = re.compile(rf"[-+]?(?:0|(?:{_PART.pattern})+)", re.ASCII)
# Go counts nanoseconds in 64 bits; a longer duration is no duration.
_LONGEST = (1 << 63) * 1e-9


@lru_cache(maxsize=128)
def timeout_in(query: str) -> float | None:
    """The seconds that a query string leaves, or None where it says nothing readable of them."""
    if "timeout=" not in query:
        return None
    try:
        said = parse_qs(query, max_num_fields=16).get("timeout", [""])[0]
    except ValueError:
        return None
    return seconds(said)


def seconds(duration: str) -> float | None:
    """The seconds that *duration* lasts, or None where it is not one."""
    if not _DURATION.fullmatch(duration):
        return None
    total = sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(duration))
    if total >= _LONGEST:
        return None
    return -total if duration.startswith("-") else total
