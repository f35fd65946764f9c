"""Probes and metrics of the controller over plain HTTP: nothing of it is secret, and nothing is taken in."""

from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

_TEXT: Final = "text/plain; charset=utf-8"
_METRICS: Final = "text/plain; version=0.0.4; charset=utf-8"
_PATIENCE: Final = 5.0

Page = Callable[[], tuple[HTTPStatus, bytes]]
"""What a path answers with now."""


def listen(address: str, port: int, pages: dict[str, Page]) -> int:
    """Serve *pages* in a thread that ends with the process; the port. Raises OSError where it is taken."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            status, body = page() if page else (HTTPStatus.NOT_FOUND, b"there is no such page\n")
            self.send_response(status)
            self.send_header("Content-Type", _METRICS if self.path.startswith("/metrics") else _TEXT)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Probes are no news."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Nor is a client that hangs up."""

    server = Server((address, port), Handler)
    Thread(target=server.serve_forever, name="endpoint", daemon=True).start()
    return int(server.server_address[1])
