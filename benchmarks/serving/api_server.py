"""A stand-in for the API server, on loopback: one namespace that enforces the restricted level, for ever.

Both the reference and the product list it and watch it before they are ready. A benchmark asks no more of
it; what they do with a real one is for ``make e2e``.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

_VERSION: Final = "1000"
_WATCHED_AT_MOST: Final = 3600.0
_NAMESPACE: Final = {
    "metadata": {
        "name": "shop",
        "uid": "3f2b8c1e-5a0c-4f6b-9d21-6f1f2f3f4f5f",
        "resourceVersion": _VERSION,
        "creationTimestamp": "2026-08-01T08:00:00Z",
        "labels": {
            "kubernetes.io/metadata.name": "shop",
            "pod-security.kubernetes.io/enforce": "restricted",
        },
    }
}
_STREAMED_LIST_REFUSED: Final = {
    "kind": "Status",
    "apiVersion": "v1",
    "status": "Failure",
    "reason": "Invalid",
    "code": 422,
    "message": "sendInitialEvents is not known here",
}


class ApiServer:
    """Serves from threads of its own until it is closed; ``url`` is where."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._http = _Server(("127.0.0.1", 0), self._closed)
        self.url: Final = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End the watches, and serve no more."""
        self._closed.set()
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], closed: threading.Event) -> None:
        super().__init__(address, _Handler)
        self.closed = closed

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401 - the signature is socketserver's
        """A server that ends hangs up: none of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        parsed = urlsplit(self.path)
        query = parse_qs(parsed.query)
        # What is wanted of objects is in the headers: all of them, or their metadata alone.
        is_partial = "PartialObjectMetadata" in self.headers.get("Accept", "")
        kind = "PartialObjectMetadata" if is_partial else "Namespace"
        api = "meta.k8s.io/v1" if is_partial else "v1"
        if "sendInitialEvents" in query:
            self._send(422, _STREAMED_LIST_REFUSED)
        elif "watch" in query:
            self._watch()
        elif parsed.path == "/api/v1/namespaces":
            listed = {"kind": f"{kind}List", "apiVersion": api, "metadata": {"resourceVersion": _VERSION}}
            self._send(200, listed | {"items": [_NAMESPACE | {"kind": kind, "apiVersion": api}]})
        else:
            self._send(200, _NAMESPACE | {"kind": kind, "apiVersion": api})

    def _watch(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        self.server.closed.wait(_WATCHED_AT_MOST)

    def _send(self, code: int, document: Any) -> None:  # noqa: ANN401 - JSON
        body = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
