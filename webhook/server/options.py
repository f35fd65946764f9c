"""What the server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from webhook.admission import Cluster
    from webhook.config import Loaded, Settings
    from webhook.server.cluster_report import ClusterReport
    from webhook.server.inventory_switch import Follow


class CannotServe(Exception):
    """The server cannot start as it was told to; the message says why."""


def nothing_to_wait_for() -> None:
    """The readiness of a source of namespaces that is complete from the start."""


def nothing_to_follow(*, wanted: bool) -> None:
    """The nodes of a source that has none, or needs nobody to be told that they are *wanted*."""


def nobody_to_tell(port: int) -> None:
    """The hook of a server whose port nobody waits for; the log names it all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """Everything that ``serve`` needs, as values; who reads flags and environment is the command line.

    ``tls_dir`` holds ``tls.crt`` and ``tls.key``; ``renew``, where there is one, is called once an hour and
    may make them new. ``port`` 0 takes a free one; ``listening`` is called once with the port that was
    taken, as soon as connections to it succeed. ``waits_for`` says in words what the source of namespaces
    still lacks, or None when it is ready; ``follow``, where there is one, starts it in every worker, after
    the fork: threads do not outlive one. ``follow_nodes`` is told then, and whenever the configuration
    changes, whether nodes and their profiles are wanted. ``at_once`` is ``cluster`` as far as it is in
    memory: it raises MustWait beyond. ``client_authority`` is a file with the authority of the API server's
    client certificates: reviews are then taken from ``client_names`` alone. ``audit_only`` refuses nothing,
    and tells what would be. ``settings`` were read from ``configuration_files``, and ``load`` reads them
    anew, or raises CannotLoad.
    """

    tls_dir: Path
    settings: Settings
    cluster: Cluster
    address: str = "0.0.0.0"  # noqa: S104 - a pod is reached by its own address
    port: int = 8443
    workers: int = 1
    # For reviews that take time: they are large, or have to ask the API server.
    threads: int = 24
    # Seconds for a handshake, for the whole of a request, and of grace at the end.
    handshake_timeout: float = 3.0
    request_timeout: float = 5.0
    graceful_timeout: int = 25
    # Seconds between two requests. The API server closes an idle connection after 90; one that we close first
    # may carry a request already.
    idle_timeout: int = 120
    # Seconds between two looks at the files of the certificate.
    certificate_interval: float = 1.0
    at_once: Cluster | None = None
    # Decisions that are logged, of each kind; 0 for all of them.
    log_rate: int = 500
    client_authority: Path | None = None
    client_names: frozenset[str] = frozenset()
    audit_only: bool = False
    waits_for: Callable[[], str | None] = nothing_to_wait_for
    follow: Callable[[ClusterReport], None] | None = None
    follow_nodes: Follow = nothing_to_follow
    renew: Callable[[], object] | None = None
    configuration_files: tuple[str, ...] = ()
    load: Callable[[], Loaded] | None = None
    listening: Callable[[int], None] = nobody_to_tell
