"""What gunicorn is told, so that the webhook stays up.

Source: gunicorn's documentation, "Settings"; the reasons are those of an admission webhook, whose callers
wait for every answer and retry nothing.
"""

import gc
import os
from typing import Any, Final

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker as AnyWorker

from webhook.server.gunicorn_log import GunicornLog
from webhook.server.journal import Journal
from webhook.server.listening import say_where
from webhook.server.memory import memory_folder
from webhook.server.options import ServeOptions
from webhook.server.shared_counters import forget_states_of
from webhook.server.tls import CERTIFICATE, KEY
from webhook.server.worker import Worker

_BACKLOG: Final = 2048
_HEARTBEAT: Final = 30


def gunicorn_settings(options: ServeOptions, journal: Journal) -> dict[str, Any]:
    """What gunicorn is told for *options*."""
    address = f"[{options.address}]" if ":" in options.address else options.address
    return {
        "bind": f"{address}:{options.port}",
        # It need only know that it is TLS: what is shown is the worker's business.
        "certfile": str(options.tls_dir / CERTIFICATE),
        "keyfile": str(options.tls_dir / KEY),
        "workers": options.workers,
        "worker_class": Worker,
        "backlog": _BACKLOG,
        "keepalive": options.idle_timeout,
        "timeout": _HEARTBEAT,
        "graceful_timeout": options.graceful_timeout,
        # One copy of the code for all workers, which the collector does not touch.
        "preload_app": True,
        "pre_fork": _freeze,
        "worker_exit": _leave,
        "child_exit": lambda _arbiter, worker: forget_states_of(worker.pid),
        "when_ready": lambda arbiter: options.listening(say_where(arbiter.LISTENERS[0], journal)),
        "control_socket_disable": True,
        "worker_tmp_dir": memory_folder(),
        "logger_class": GunicornLog,
        "proc_name": "seccomp-webhook",
    }


def _freeze(_arbiter: Arbiter, _worker: AnyWorker) -> None:
    gc.collect()
    gc.freeze()


def _leave(_arbiter: Arbiter, worker: AnyWorker) -> None:
    # Python waits for every thread, and one may still wait for an API server: all that had to be answered is.
    if str(worker.pid) == str(os.getpid()) and not worker.alive:
        os._exit(0)
