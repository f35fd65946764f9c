"""gunicorn as the process manager: one worker of some kind, with the settings shipped that matter here."""

import gc
from typing import Any

from gunicorn.app.base import BaseApplication

from benchmarks.serving.candidates.product import Product


def serve(app: Any, product: Product, port: int, **settings: Any) -> None:  # noqa: ANN401 - WSGI or ASGI; gunicorn's
    """Serve *app*, until told to stop."""
    context = product.context()

    def freeze(_arbiter: object, _worker: object) -> None:
        gc.collect()
        gc.freeze()

    _Gunicorn(
        {
            "bind": f"127.0.0.1:{port}",
            "workers": 1,
            "worker_connections": 1000,
            "keepalive": 120,
            "certfile": str(product.certificate),
            "keyfile": str(product.key),
            "ssl_context": lambda _config, _default: context,
            "do_handshake_on_connect": False,
            "preload_app": True,
            "pre_fork": freeze,
            "control_socket_disable": True,
            "worker_tmp_dir": "/dev/shm",  # noqa: S108 - as the container has it
            "loglevel": "warning",
            **settings,
        },
        app,
    ).run()


class _Gunicorn(BaseApplication):
    def __init__(self, settings: dict[str, Any], app: Any) -> None:  # noqa: ANN401 - as above
        self._settings = settings
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - as above
        return self._app
