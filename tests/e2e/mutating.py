"""Webhooks that mutate: the product's, as ``deploy/`` registers it, and another that adds a sidecar."""

import base64
import json
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self

import yaml

from tests.e2e.api import Manifest
from tests.e2e.binaries import ROOT
from tests.e2e.certificates import Authority

NAME: Final = "defaults.seccomp-webhook.io"
SIDECAR: Final = {"name": "sidecar", "image": "registry.example/sidecar:1"}


def registration(place: Manifest, authority: Path, name: str = NAME) -> Manifest:
    """The product's registration, for the ``url`` or the ``service`` that is its *place*.

    Another *name* makes it come later.
    """
    text = (ROOT / "deploy" / "mutating-webhook.yaml").read_text()
    configuration: Manifest = yaml.safe_load(text)
    (hook,) = configuration["webhooks"]
    hook["clientConfig"] = {**place, "caBundle": base64.b64encode(authority.read_bytes()).decode()}
    hook["name"] = name
    if name != NAME:
        # The API server calls webhooks in the order of these names.
        configuration["metadata"]["name"] = f"z-{configuration['metadata']['name']}"
    return configuration


class SidecarWebhook:
    """A webhook on loopback that adds a container to each pod, and counts how often it was asked."""

    def __init__(self, authority: Authority) -> None:
        certificate, key = authority.issue("sidecar-webhook", "sidecar-webhook", hosts=("127.0.0.1",))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.authority = authority.certificate
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Sidecar)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Sidecar(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]
        response: dict[str, Any] = {"uid": request["uid"], "allowed": True}
        containers = request["object"]["spec"]["containers"]
        if all(each["name"] != SIDECAR["name"] for each in containers):
            patch = [{"op": "add", "path": "/spec/containers/-", "value": SIDECAR}]
            response |= {
                "patchType": "JSONPatch",
                "patch": base64.b64encode(json.dumps(patch).encode()).decode(),
            }
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
        body = json.dumps(review).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the library's name for it
        """Say nothing."""
