"""What gunicorn is told, so that the webhook stays up.

Source: gunicorn's documentation, "Settings"; the reasons are those of an admission webhook, whose callers
wait for every answer and retry nothing.
"""

import gc
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, Final

from gunicorn.arbiter import Arbiter
from gunicorn.http import Request
from gunicorn.workers.base import Worker as AnyWorker

from webhook.server.gunicorn_log import GunicornLog
from webhook.server.journal import Journal
from webhook.server.listening import say_where
from webhook.server.memory import memory_folder
from webhook.server.options import ServeOptions
from webhook.server.shared_counters import forget_states_of
from webhook.server.tls import CERTIFICATE, KEY
from webhook.server.worker import Worker

# The API server closes idle connections after 90 s; one that we close first may carry a request already.
_KEEP_ALIVE: Final = 120
_CONNECTIONS: Final = 1000
_HEARTBEAT: Final = 30


def gunicorn_settings(
    options: ServeOptions, context: Callable[[], SSLContext], journal: Journal
) -> dict[str, Any]:
    """What gunicorn is told for *options*; *context* gives what the next connection is made with."""
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
        "ssl_context": lambda _config, _default: context(),
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


def _freeze(_arbiter: Arbiter, _worker: AnyWorker) -> None:
    gc.collect()
    gc.freeze()


def _let_close(_worker: AnyWorker, request: Request) -> None:
    """Give the application, which sees no more of a request than its body, a way to end the connection."""
    body: Any = request.body
    body.force_close = request.force_close
