"""The processes: gunicorn, set up so that the webhook stays up.

Source: gunicorn's documentation, "Settings"; the reasons are those of an admission webhook, whose callers
wait for every answer and retry nothing.
"""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import Request
from gunicorn.workers.base import Worker as AnyWorker

from webhook.admission import review
from webhook.server.connection import TimedContext, server_context
from webhook.server.gunicorn_log import GunicornLog
from webhook.server.journal import Journal
from webhook.server.listening import refuse_a_taken_port, say_where
from webhook.server.memory import give_large_blocks_back, memory_folder
from webhook.server.options import ServeOptions
from webhook.server.shared_counters import count_together, forget_states_of
from webhook.server.signals import hold_signals_over_forks
from webhook.server.tls import CERTIFICATE, KEY, Credentials
from webhook.server.worker import Worker

if TYPE_CHECKING:
    from flask import Flask

# The API server closes idle connections after 90 s; one that we close first may carry a request already.
_KEEP_ALIVE: Final = 120
_CONNECTIONS: Final = 1000
_HEARTBEAT: Final = 30


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
    settings = _settings(options, credentials, journal) | {"post_worker_init": follow}
    _Gunicorn(settings, app).run()
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


def _settings(options: ServeOptions, credentials: Credentials, journal: Journal) -> dict[str, Any]:
    address = f"[{options.address}]" if ":" in options.address else options.address

    return {
        "bind": f"{address}:{options.port}",
        "workers": options.workers,
        "threads": options.threads,
        "worker_class": Worker,
        "worker_connections": _CONNECTIONS,
        "keepalive": _KEEP_ALIVE,
        "timeout": _HEARTBEAT,
        "graceful_timeout": options.graceful_timeout,
        # TLS 1.2 or newer and HTTP/1.1, on every connection what is in the folder by then.
        "certfile": str(options.tls_dir / CERTIFICATE),
        "keyfile": str(options.tls_dir / KEY),
        "ssl_context": lambda _config, _default: credentials.served.context,
        "do_handshake_on_connect": False,
        "http_protocols": "h1",
        # Nobody stands between us and the API server whose word on addresses and schemes would count.
        "forwarded_allow_ips": "",
        "limit_request_line": 2048,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        # One copy of the code for all workers, which the collector does not touch.
        "preload_app": True,
        "pre_fork": _freeze,
        "pre_request": _let_close,
        "child_exit": lambda _arbiter, worker: forget_states_of(worker.pid),
        "when_ready": lambda arbiter: options.listening(say_where(arbiter.LISTENERS[0], journal)),
        "control_socket_disable": True,
        "worker_tmp_dir": memory_folder(),
        "logger_class": GunicornLog,
        "proc_name": "seccomp-webhook",
    }


def _context(options: ServeOptions, journal: Journal) -> TimedContext:
    def report(address: str, problem: str) -> None:
        journal.say("warning", "handshake", f"{address}: {problem}")

    return server_context(
        handshake_timeout=options.handshake_timeout, request_timeout=options.request_timeout, report=report
    )


def _freeze(_arbiter: Arbiter, _worker: AnyWorker) -> None:
    gc.collect()
    gc.freeze()


def _let_close(_worker: AnyWorker, request: Request) -> None:
    """Give the application, which sees no more of a request than its body, a way to end the connection."""
    body: Any = request.body
    body.force_close = request.force_close
