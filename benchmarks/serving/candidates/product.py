"""The product without a server: what candidates in Python are built around."""

import os
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from webhook.admission import review
from webhook.cli.cluster import live
from webhook.cli.configuration_file import loaded
from webhook.server.cluster_report import ClusterReport
from webhook.server.context import server_context
from webhook.server.door import Door
from webhook.server.journal import Journal
from webhook.server.memory import give_large_blocks_back
from webhook.server.metrics import Metrics
from webhook.server.validity import validity_of


class Product(NamedTuple):
    """Everything that is shipped but the server: configuration, exemptions, counters, log, certificate.

    ``follow`` begins to watch the cluster, in the process that answers.
    """

    door: Door
    follow: Callable[[], None]
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """TLS as it is shipped."""
        context = server_context()
        context.load_cert_chain(self.certificate, self.key)
        return context


def product(folder: Path) -> Product:
    """The product for the ground in *folder* (``benchmarks.serving.ground``)."""
    give_large_blocks_back()
    journal, metrics = Journal(), Metrics()
    asked = live(str(folder / "kubeconfig"), os.environ)
    certificate, key = folder / "tls" / "tls.crt", folder / "tls" / "tls.key"
    ends = validity_of(certificate.read_bytes()).ends
    settings = loaded(folder / "pod-security.json").settings
    door = Door(
        partial(review, settings=settings, cluster=asked.cluster, clock=monotonic),
        journal=journal,
        metrics=metrics,
        waiting=(lambda: None if datetime.now(UTC) < ends else "the certificate has ended", asked.waits_for),
    )

    def follow() -> None:
        if asked.follow is not None:
            asked.follow(ClusterReport(journal, metrics.registry))

    return Product(door, follow, certificate, key)
