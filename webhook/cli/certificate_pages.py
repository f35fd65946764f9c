"""Probes and metrics of ``certs run``."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from certs.metrics import Metrics

_STUCK: Final = 900.0
"""Seconds without a round, or a look at who may have one, after which the process should be started anew."""


def serve_pages(address: str, port: int, metrics: "Metrics", idle: Callable[[], float]) -> int:
    """Serve them in a thread of their own; the port. *idle* is for how many seconds there was no round.

    Raises ClickException where one cannot listen.
    """
    from certs.endpoint import listen  # noqa: PLC0415 - help need not wait for it

    def ready() -> tuple[HTTPStatus, bytes]:
        trouble = metrics.not_ready()
        return (
            (HTTPStatus.SERVICE_UNAVAILABLE, f"{trouble}\n".encode()) if trouble else (HTTPStatus.OK, b"ok\n")
        )

    def live() -> tuple[HTTPStatus, bytes]:
        if idle() > _STUCK:
            return HTTPStatus.SERVICE_UNAVAILABLE, b"there was no round for a long time\n"
        return HTTPStatus.OK, b"ok\n"

    pages = {"/readyz": ready, "/livez": live, "/metrics": lambda: (HTTPStatus.OK, metrics.exposition())}
    try:
        return listen(address, port, pages)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {address} port {port}: {error.strerror}") from error
