"""File descriptors: who holds them all keeps everybody else out.

Where none is left the kernel refuses to accept, and nobody gives way to who comes: so there must never be as
many connections as there are descriptors.
Source: getrlimit(2), RLIMIT_NOFILE.
"""

import resource
from typing import Final

from webhook.server.http.connections import MOST

_KEPT: Final = 96
"""Descriptors for all else: files, the log, requests to the API server from each thread."""


def most_connections() -> int:
    """How many connections there may be, after as many descriptors were asked for as that needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + _KEPT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, max(soft - _KEPT, soft // 4))
