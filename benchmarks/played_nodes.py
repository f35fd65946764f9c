"""An API server that is played, so that it is fast enough: thousands of nodes that keep saying something new.

Over HTTP; the real one, in ``tests/e2e``, is some ten times slower on the same machine.
"""

import json
import random
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

NODES: Final = 5_000
PROFILES: Final = 200
RATE: Final = 1_000
SECONDS: Final = 15.0
MARKED: Final = "node-0"
"""The node that holds what is looked for: one change in fifty is of it."""

MARK: Final = "mark-"
"""How the path begins of what is looked for; the number of the change follows. No other path is before it."""

_EVERY: Final = 50
_NODES: Final = "/api/v1/nodes"
_PROFILES: Final = "/apis/seccomp-webhook.io/v1alpha1/nodeprofiles"
_START: Final = 10_000


def serve(port: Connection, mark: Connection) -> None:
    """Tell the *port*, and serve for ever; changes begin when *mark* has something to read.

    What *mark* is told: the number of a marked change and when it went out; then -1 and how long all took.
    """
    _Handler.held, _Handler.mark = [_listed(number) for number in range(NODES)], mark
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    port.send(server.server_address[1])
    server.serve_forever()


def _listed(number: int) -> list[dict[str, Any]]:
    """What a node holds: the paths that all have, of contents that no other has, which is the worst."""
    chance = random.Random(number)  # noqa: S311 - contents, not secrets
    paths = [f"team-{each % 20}/profile-{each:03}.json" for each in range(PROFILES)]
    return [{"path": path, "digest": _digest(chance), "size": 4000, "class": "stricter"} for path in paths]


def _digest(chance: random.Random) -> str:
    return f"sha256:{chance.getrandbits(256):064x}"


class _Handler(BaseHTTPRequestHandler):
    """Lists and watches; a watch of what nodes hold tells of changes at the rate that is asked for."""

    protocol_version = "HTTP/1.1"
    held: list[list[dict[str, Any]]]
    mark: Connection

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """Answer as an API server."""
        asked = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(asked.query).items()}
        if query.get("watch"):
            self._watch(asked.path)
        elif asked.path in {_NODES, _PROFILES}:
            self._list(asked.path, int(query.get("continue", "0")), int(query["limit"]))
        else:
            self._send(
                404 if asked.path.startswith("/apis/") else 200, {"metadata": {"resourceVersion": "1"}}
            )

    def _list(self, path: str, begin: int, limit: int) -> None:
        end = min(begin + limit, NODES)
        of = _node if path == _NODES else self._report
        rest = {"continue": str(end)} if end < NODES else {}
        metadata = {"resourceVersion": str(_START), **rest}
        self._send(200, {"metadata": metadata, "items": [of(each, each) for each in range(begin, end)]})

    def _report(self, number: int, version: int, *more: str) -> dict[str, Any]:
        files = [*self.held[number], *({"path": path} for path in more)]
        status = {"runtime": {"name": "containerd", "version": "2.1.4"}, "kernel": "6.18", "seccomp": files}
        return {"metadata": {"name": f"node-{number}", "resourceVersion": str(version)}, "status": status}

    def _send(self, code: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, path: str) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if path == _PROFILES:
            for changed in self._changes():
                line = json.dumps({"type": "MODIFIED", "object": changed}).encode() + b"\n"
                self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
        time.sleep(10 * SECONDS)

    def _changes(self) -> Iterator[dict[str, Any]]:
        self.mark.recv()
        chance = random.Random(0)  # noqa: S311 - as above
        begun = time.monotonic()
        for number in range(int(RATE * SECONDS)):
            time.sleep(max(0.0, begun + number / RATE - time.monotonic()))
            version = _START + number + 1
            if number % _EVERY == 0:
                self.mark.send((number, time.monotonic()))
                yield self._report(0, version, f"{MARK}{number:06}")
            else:
                node = number % (NODES - 1) + 1
                self.held[node][chance.randrange(PROFILES)]["digest"] = _digest(chance)
                yield self._report(node, version)
        self.mark.send((-1, time.monotonic() - begun))


def _node(number: int, version: int) -> dict[str, Any]:
    name = f"node-{number}"
    labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"zone-{number % 3}"}
    return {"metadata": {"name": name, "labels": labels, "resourceVersion": str(version)}, "spec": {}}
