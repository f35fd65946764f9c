"""The processes of the server, and what is shared by them."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker as AnyWorker

from webhook.admission import review
from webhook.server.connection import TimedContext, server_context
from webhook.server.gunicorn_settings import gunicorn_settings
from webhook.server.journal import Journal
from webhook.server.listening import refuse_a_taken_port
from webhook.server.memory import give_large_blocks_back
from webhook.server.options import ServeOptions
from webhook.server.shared_counters import count_together
from webhook.server.signals import hold_signals_over_forks
from webhook.server.tls import Credentials

if TYPE_CHECKING:
    from flask import Flask


def serve(options: ServeOptions) -> NoReturn:
    """Serve until the process is told to stop, and leave it then.

    Raises CannotServe when there is no certificate to serve, or no such address to listen at.
    """
    refuse_a_taken_port(options.address, options.port)
    journal = Journal()
    credentials = Credentials(
        options.tls_dir,
        partial(_context, options, journal),
        lambda severity, message: journal.say(severity, "certificate", message),
        options.renew,
    )
    give_large_blocks_back()
    hold_signals_over_forks()
    count_together(options.workers)
    app, follow = _application(options, credentials, journal)
    settings = gunicorn_settings(options, lambda: credentials.served.context, journal)
    _Gunicorn(settings | {"post_worker_init": follow}, app).run()
    raise SystemExit(0)


class _Gunicorn(BaseApplication):
    def __init__(self, settings: dict[str, Any], app: "Flask") -> None:
        self._settings = settings
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's type of an application is not Flask's
        return self._app


def _application(
    options: ServeOptions, credentials: Credentials, journal: Journal
) -> tuple["Flask", Callable[[AnyWorker], None]]:
    """The application, and what a worker has to start for it."""
    # Where numbers are kept is settled when these are imported.
    from webhook.server.application import application  # noqa: PLC0415 - late, as said
    from webhook.server.cluster_report import ClusterReport  # noqa: PLC0415 - as above
    from webhook.server.door import Door  # noqa: PLC0415 - as above
    from webhook.server.metrics import Metrics  # noqa: PLC0415 - as above

    metrics = Metrics()

    def follow(_worker: AnyWorker) -> None:
        if options.follow is not None:
            options.follow(ClusterReport(journal, metrics.registry))

    door = Door(
        partial(review, settings=options.settings, cluster=options.cluster, clock=monotonic),
        journal=journal,
        metrics=metrics,
        waiting=(lambda: credentials.problem(datetime.now(UTC)), options.waits_for),
        # The others read bodies, and answer probes.
        places=max(1, options.threads // 2),
    )
    return application(door), follow


def _context(options: ServeOptions, journal: Journal) -> TimedContext:
    def report(address: str, problem: str) -> None:
        journal.say("warning", "handshake", f"{address}: {problem}")

    return server_context(
        handshake_timeout=options.handshake_timeout, request_timeout=options.request_timeout, report=report
    )
