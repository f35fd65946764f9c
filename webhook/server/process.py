"""The processes: gunicorn, set up so that the webhook stays up.

Source: gunicorn's documentation, "Settings"; the reasons are those of an admission webhook, whose callers
wait for every answer and retry nothing.
"""

import atexit
import gc
import os
import shutil
import signal
import socket
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NoReturn

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import Request
from gunicorn.workers.base import Worker as AnyWorker

from webhook.admission import review
from webhook.server.connection import TimedContext, server_context
from webhook.server.gunicorn_log import GunicornLog
from webhook.server.journal import Journal, Message, now
from webhook.server.memory import give_large_blocks_back
from webhook.server.options import CannotServe, ServeOptions
from webhook.server.tls import CERTIFICATE, KEY, Credentials
from webhook.server.worker import Worker

if TYPE_CHECKING:
    from flask import Flask

# The API server closes idle connections after 90 s; one that we close first may carry a request already.
_KEEP_ALIVE: Final = 120
_CONNECTIONS: Final = 1000
_HEARTBEAT: Final = 30

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn's and ours are made there with random names
_METRICS_DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"


def serve(options: ServeOptions) -> NoReturn:
    """Serve until the process is told to stop, and leave it then.

    Raises CannotServe when there is no certificate to serve, or no such address to listen at.
    """
    _refuse_a_taken_port(options)
    journal = Journal()
    credentials = Credentials(
        options.tls_dir,
        partial(_context, options, journal),
        lambda severity, message: journal.say(severity, "certificate", message),
        options.renew,
    )
    give_large_blocks_back()
    _let_no_signal_fall_between_processes()
    _share_counters(options.workers)
    app = _application(options, credentials, journal)
    _Gunicorn(_settings(options, credentials, journal), app).run()
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


def _application(options: ServeOptions, credentials: Credentials, journal: Journal) -> "Flask":
    # Where numbers are kept is settled when these are imported.
    from webhook.server.application import application  # noqa: PLC0415
    from webhook.server.door import Door  # noqa: PLC0415
    from webhook.server.metrics import Metrics  # noqa: PLC0415

    door = Door(
        partial(review, settings=options.settings, cluster=options.cluster, clock=monotonic),
        journal=journal,
        metrics=Metrics(),
        waiting=(lambda: credentials.problem(datetime.now(UTC)), options.waits_for),
        # The others read bodies, and answer probes.
        places=max(1, options.threads // 2),
    )
    return application(door)


def _settings(options: ServeOptions, credentials: Credentials, journal: Journal) -> dict[str, Any]:
    address = f"[{options.address}]" if ":" in options.address else options.address

    def started(arbiter: Arbiter) -> None:
        _say_where(arbiter, journal)

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
        "when_ready": started,
        "control_socket_disable": True,
        "worker_tmp_dir": str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None,
        "logger_class": GunicornLog,
        "proc_name": "seccomp-webhook",
    }


def _context(options: ServeOptions, journal: Journal) -> TimedContext:
    def report(address: str, problem: str) -> None:
        journal.say("warning", "handshake", f"{address}: {problem}")

    return server_context(
        handshake_timeout=options.handshake_timeout, request_timeout=options.request_timeout, report=report
    )


def _refuse_a_taken_port(options: ServeOptions) -> None:
    """Raise CannotServe where one cannot listen: gunicorn would try for five seconds, telling each time."""
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    try:
        socket.create_server((options.address, options.port), family=family).close()
    except OSError as error:
        why, _, _ = str(error.strerror).partition(" (while attempting")
        raise CannotServe(f"{options.address} port {options.port}: {why}") from error


def _share_counters(workers: int) -> None:
    """Have several workers count together, in a folder in memory that goes when we go; one counts alone."""
    os.environ.pop(_METRICS_DIRECTORY, None)
    if workers == 1:
        return
    base = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    directory = tempfile.mkdtemp(prefix="seccomp-webhook-metrics-", dir=base)
    os.environ[_METRICS_DIRECTORY] = directory
    owner = os.getpid()

    def remove() -> None:
        # Workers inherit this, and must leave the others' numbers alone.
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)


def _let_no_signal_fall_between_processes() -> None:
    """Hold signals back over a fork.

    A worker starts with the handlers of its parent, which only make a note: one that is told to stop before
    it has handlers of its own would never hear of it.
    """
    ends = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}

    def hold() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)

    def start_anew() -> None:
        for each in ends:
            signal.signal(each, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=start_anew)


def _freeze(_arbiter: Arbiter, _worker: AnyWorker) -> None:
    gc.collect()
    gc.freeze()


def _let_close(_worker: AnyWorker, request: Request) -> None:
    """Give the application, which sees no more of a request than its body, a way to end the connection."""
    body: Any = request.body
    body.force_close = request.force_close


def _say_where(arbiter: Arbiter, journal: Journal) -> None:
    """The line by which others learn the port."""
    for listener in arbiter.LISTENERS:
        address, port, *_ = listener.getsockname()
        url = f"https://[{address}]:{port}" if ":" in address else f"https://{address}:{port}"
        journal.write(Message(now(), "info", "listening", url, address=address, port=port))
