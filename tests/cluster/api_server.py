"""An API server over HTTPS, as much of one as we ask.

Namespaces, pods and other objects, permissions, tokens and faults.
"""

import json
import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PREFIX = "pod-security.kubernetes.io/"
NAMESPACES = "/api/v1/namespaces"


class Refused(Exception):
    def __init__(self, code: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers


class ApiServer:
    """Namespaces with their histories; everything may be changed while it serves."""

    def __init__(self, tls: Path | None = None, port: int = 0) -> None:
        self.condition = threading.Condition()
        self.namespaces: dict[str, tuple[int, dict[str, str]]] = {}
        self.events: list[tuple[int, str, str, dict[str, Any]]] = []
        self.placed: dict[str, dict[str, dict[str, Any]]] = {}
        self.pods: dict[str, list[dict[str, Any]]] = {}
        self.version = 1000
        self.forgotten = 0
        self.forbidden: set[str] = set()
        self.tokens: set[str] | None = None
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.epoch = 0
        self.connections = 0
        self.stalls = False
        self.stopped = False
        self._http = _Server(("127.0.0.1", port), self)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls / "tls.crt", tls / "tls.key")
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"http{'s' if tls else ''}://localhost:{self.port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, name: str, **levels: str) -> None:
        with self.condition:
            self.version += 1
            labels = {"kubernetes.io/metadata.name": name, **{PREFIX + key: to for key, to in levels.items()}}
            kind = "MODIFIED" if name in self.namespaces else "ADDED"
            self.namespaces[name] = (self.version, labels)
            self._happen(NAMESPACES, kind, self.namespace(name))

    def remove(self, name: str) -> None:
        with self.condition:
            self.version += 1
            gone = self.namespace(name)
            gone["metadata"]["resourceVersion"] = str(self.version)
            del self.namespaces[name]
            self._happen(NAMESPACES, "DELETED", gone)

    def serve(self, *paths: str) -> None:
        """Have collections of other objects at *paths*, in which there is nothing."""
        with self.condition:
            self.placed.update({path: {} for path in paths})

    def place(self, path: str, document: dict[str, Any]) -> None:
        """Make or change an object of a collection that is served."""
        with self.condition:
            self.version += 1
            metadata = {**document["metadata"], "resourceVersion": str(self.version)}
            found = {**document, "metadata": metadata}
            kind = "MODIFIED" if metadata["name"] in self.placed[path] else "ADDED"
            self.placed[path][metadata["name"]] = found
            self._happen(path, kind, found)

    def take(self, path: str, name: str) -> None:
        """Remove an object."""
        with self.condition:
            self.version += 1
            gone = self.placed[path].pop(name)
            metadata = {**gone["metadata"], "resourceVersion": str(self.version)}
            self._happen(path, "DELETED", {**gone, "metadata": metadata})

    def _happen(self, path: str, kind: str, found: dict[str, Any]) -> None:
        self.events.append((self.version, path, kind, found))
        self.condition.notify_all()

    def cut(self, *, forget: bool = False) -> None:
        """End all watches without a word, and perhaps forget all that was."""
        with self.condition:
            self.epoch += 1
            if forget:
                self.forgotten = self.version
                self.events.clear()
            self.condition.notify_all()

    def stop(self) -> None:
        """No more connections, and no more answers on those that are."""
        self.stopped = True
        self._http.shutdown()
        self._http.server_close()
        self.cut()

    def namespace(self, name: str) -> dict[str, Any]:
        version, labels = self.namespaces[name]
        return {
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {
                "name": name,
                "uid": f"3f2b8c1e-{version:08d}",
                "resourceVersion": str(version),
                "creationTimestamp": "2026-11-22T08:00:00Z",
                "labels": labels,
                "annotations": {"note": "x" * 200},
                "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:metadata": {"f:labels": {}}}}],
            },
        }

    def authorize(self, wanted: str, authorization: str) -> None:
        if self.tokens is not None and authorization.rpartition(" ")[2] not in self.tokens:
            raise Refused(401, "Unauthorized")
        if wanted in self.forbidden:
            verb, resource = wanted.split()
            raise Refused(403, f'{resource} is forbidden: User "we" cannot {verb} resource "{resource}"')

    def authorize_watch(self, path: str, authorization: str) -> None:
        if path not in {NAMESPACES, *self.placed}:
            raise Refused(404, "404 page not found")
        self.authorize(f"watch {resource_of(path)}", authorization)

    def answer(self, path: str, query: Mapping[str, str], authorization: str) -> Any:  # noqa: ANN401 - JSON
        parts = path.strip("/").split("/")[2:]
        if path in self.placed:
            self.authorize(f"list {resource_of(path)}", authorization)
            page = self.listed("List", sorted(self.placed[path]), query)
            return page | {"items": [self.placed[path][name] for name in page["items"]]}
        if path.startswith("/apis/"):
            raise Refused(404, "404 page not found")
        if parts == ["namespaces"]:
            self.authorize("list namespaces", authorization)
            page = self.listed("PartialObjectMetadataList", sorted(self.namespaces), query)
            return page | {"items": [self.namespace(name) for name in page["items"]]}
        if parts == ["pods"] or (len(parts) == 3 and parts[2] == "pods"):
            self.authorize("list pods", authorization)
            return self.listed("PodList", self.pods.get(parts[1], []) if len(parts) > 1 else [], query)
        self.authorize("get namespaces", authorization)
        if parts[1] not in self.namespaces:
            raise Refused(404, f'namespaces "{parts[1]}" not found')
        return self.namespace(parts[1])

    def listed(self, kind: str, items: list[Any], query: Mapping[str, str]) -> dict[str, Any]:
        version, _, at = query.get("continue", f"{self.version}:0").partition(":")
        if int(version) < self.forgotten:
            raise Refused(410, "The provided continue parameter is too old")
        begin = int(at)
        end = begin + int(query.get("limit", len(items) + 1))
        metadata: dict[str, Any] = {"resourceVersion": version}
        if end < len(items):
            metadata |= {"continue": f"{version}:{end}", "remainingItemCount": len(items) - end}
        return {"kind": kind, "apiVersion": "v1", "metadata": metadata, "items": items[begin:end]}


def resource_of(path: str) -> str:
    """What roles call the objects at *path*, as in ``nodeprofiles.seccomp-webhook.io``."""
    parts = path.strip("/").split("/")
    return f"{parts[3]}.{parts[1]}" if parts[0] == "apis" else parts[2]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], api: ApiServer) -> None:
        super().__init__(address, _Handler)
        self.api = api

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401 - the signature is socketserver's
        """A client that hangs up is none of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        self.server.api.connections += 1
        super().setup()

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        api = self.server.api
        parsed = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parsed.query).items()}
        if api.stopped:
            self.close_connection = True
            return
        api.requests.append((self.path, dict(self.headers.items())))
        if api.stalls:
            with api.condition:
                api.condition.wait_for(lambda: not api.stalls, 30)
        authorization = self.headers.get("Authorization", "")
        try:
            if query.get("watch"):
                api.authorize_watch(parsed.path, authorization)
                self._watch(parsed.path, int(query["resourceVersion"]))
                return
            with api.condition:
                found = api.answer(parsed.path, query, authorization)
            self._send(200, found)
        except Refused as refused:
            status = {"kind": "Status", "code": refused.code, "message": str(refused)}
            self._send(refused.code, status, refused.headers)

    def _send(self, code: int, document: Any, headers: Mapping[str, str] | None = None) -> None:  # noqa: ANN401 - JSON
        body = json.dumps(document).encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, path: str, version: int) -> None:
        api = self.server.api
        # Whoever has read the head may cut what follows.
        epoch = api.epoch
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        if version < api.forgotten:
            status = {"kind": "Status", "code": 410, "message": f"too old resource version: {version}"}
            self._chunk({"type": "ERROR", "object": status})
            self.wfile.write(b"0\r\n\r\n")
            return
        told = [version]
        while api.epoch == epoch:
            with api.condition:
                new = [event for event in api.events if event[0] > told[-1] and event[1] == path]
                if not new and api.epoch == epoch:
                    api.condition.wait(30)
            for at, _, kind, metadata in new:
                self._chunk({"type": kind, "object": metadata})
                told.append(at)

    def _chunk(self, event: Any) -> None:  # noqa: ANN401 - JSON
        line = json.dumps(event).encode() + b"\n"
        self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
        self.wfile.flush()
