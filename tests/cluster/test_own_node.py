"""What the agent of a node asks and writes: requests and answers of an API server, word for word."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cluster.conftest import kubeconfig
from webhook.cluster import Access
from webhook.cluster.failure import Failure
from webhook.cluster.node import NodeApi, NodeSaid, Published, can_be_a_node
from webhook.nodes.report import NodeReport
from webhook.nodes.wire import status_of

PROFILES = "/apis/seccomp-webhook.io/v1alpha1/nodeprofiles/node-1"
FIELDS = "fieldManager=seccomp-webhook-agent"
REPORT = NodeReport("node-1", kernel="6.12.7", architecture="amd64")
NODE = {
    "metadata": {
        "uid": "uid-1",
        "labels": {"kubernetes.io/os": "linux", "profile.seccomp-webhook.io/a.json": "0123"},
    },
    "status": {
        "nodeInfo": {
            "kernelVersion": "6.12.7",
            "architecture": "amd64",
            "containerRuntimeVersion": "containerd://2.1.4",
        }
    },
}


class Scripted(HTTPServer):
    """Answers requests in turn, each with a code and a document."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        self.server.asked.append((self.command, self.path, kind, json.loads(body) if body else None))
        code, document = self.server.script.pop(0)
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(code)
        if code == 429:
            self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PATCH = _answer  # noqa: N815 - names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Scripted]:
    server = Scripted()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(server: Scripted, tls: Path, tmp_path: Path) -> NodeApi:
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return NodeApi(Access.of_kubeconfig(str(kubeconfig(tmp_path, url, tls / "ca.crt"))), "node-1")


def refusal(code: int, message: str) -> tuple[int, Any]:
    return code, {"kind": "Status", "code": code, "message": message}


def test_what_the_kubelet_says_of_the_node_is_read(server: Scripted, api: NodeApi) -> None:
    server.script = [(200, NODE)]
    labels = {"profile.seccomp-webhook.io/a.json": "0123"}

    assert api.node() == NodeSaid("uid-1", labels, "containerd", "2.1.4", "6.12.7", "amd64")
    assert server.asked[0][:2] == ("GET", "/api/v1/nodes/node-1?resourceVersion=0")


def test_what_is_not_there_is_nothing(server: Scripted, api: NodeApi) -> None:
    server.script = [refusal(404, "not found")] * 2

    assert api.node() is None
    assert api.published() is None


def test_what_is_published_is_read_with_its_owners(server: Scripted, api: NodeApi) -> None:
    metadata = {"ownerReferences": [{"kind": "Node", "uid": "uid-1"}]}
    server.script = [(200, {"metadata": metadata, "status": status_of(REPORT)}), (200, {"metadata": {}})]

    assert api.published() == Published(REPORT, ("uid-1",))
    assert api.published() == Published(NodeReport("node-1"), ())


@pytest.mark.parametrize("status", [{"seccomp": "all"}, {"seccomp": [{}]}, 7])
def test_what_no_agent_wrote_is_no_report(server: Scripted, api: NodeApi, status: object) -> None:
    server.script = [(200, {"metadata": {}, "status": status})]

    assert api.published() == Published(None, ())


def test_a_report_is_applied_to_the_object_and_to_its_status(server: Scripted, api: NodeApi) -> None:
    server.script = [(201, {}), (200, {})]
    api.publish(REPORT, "uid-1")

    (method, path, kind, body), (_, second_path, _, second) = server.asked
    assert (method, path) == ("PATCH", f"{PROFILES}?{FIELDS}&force=true")
    assert second_path == f"{PROFILES}/status?{FIELDS}&force=true"
    assert kind == "application/apply-patch+yaml"
    assert body["metadata"] == {
        "name": "node-1",
        "ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "uid-1"}],
    }
    assert second["status"] == status_of(REPORT)
    assert (second["apiVersion"], second["kind"]) == ("seccomp-webhook.io/v1alpha1", "NodeProfiles")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            refusal(404, "the server could not find the requested resource"),
            "the definition that the chart brings",
        ),
        (refusal(403, "nodeprofiles is forbidden"), "missing permission: patch nodeprofiles"),
        (refusal(401, "Unauthorized"), "does not accept our credentials"),
        (refusal(413, "etcdserver: request is too large"), "413"),
    ],
)
def test_a_report_that_is_not_taken_says_what_to_do(
    server: Scripted, api: NodeApi, answer: tuple[int, Any], words: str
) -> None:
    server.script = [answer]
    with pytest.raises(Failure, match=words):
        api.publish(REPORT, "uid-1")


def test_a_server_that_is_busy_says_how_long_to_leave_it_alone(server: Scripted, api: NodeApi) -> None:
    server.script = [refusal(429, "too many requests")]
    with pytest.raises(Failure) as raised:
        api.node()

    assert raised.value.wait == 7


def test_labels_are_merged_and_taken_away(server: Scripted, api: NodeApi) -> None:
    server.script = [(200, {})]
    api.label({"profile.seccomp-webhook.io/a.json": "0123", "profile.seccomp-webhook.io/b.json": None})

    method, path, kind, body = server.asked[0]
    assert (method, path, kind) == ("PATCH", f"/api/v1/nodes/node-1?{FIELDS}", "application/merge-patch+json")
    assert body["metadata"]["labels"]["profile.seccomp-webhook.io/b.json"] is None


def test_every_profile_that_a_pod_of_the_node_names_is_in_use(server: Scripted, api: NodeApi) -> None:
    def localhost(path: str) -> dict[str, Any]:
        return {"seccompProfile": {"type": "Localhost", "localhostProfile": path}}

    spec = {
        "securityContext": localhost("pod.json"),
        "initContainers": [{"name": "a", "securityContext": localhost("init.json")}],
        "containers": [{"name": "b", "securityContext": localhost("container.json")}, {"name": "c"}],
        "ephemeralContainers": [{"name": "d", "securityContext": localhost("ephemeral.json")}],
    }
    other = {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}
    server.script = [
        (200, {"metadata": {"continue": "more"}, "items": [{"spec": spec}]}),
        (
            200,
            {
                "metadata": {},
                "items": [{"spec": other}, {"spec": {"securityContext": localhost("last.json")}}],
            },
        ),
    ]

    assert api.profiles_in_use() == {"pod.json", "init.json", "container.json", "ephemeral.json", "last.json"}
    first, second = (path for _, path, _, _ in server.asked)
    assert "fieldSelector=spec.nodeName%3Dnode-1%2Cstatus.phase%21%3DSucceeded" in first
    assert second.endswith("&continue=more")


@pytest.mark.parametrize(
    "answer", [(200, b"{"), (200, {"metadata": {}, "items": [{"spec": 7}]}), refusal(500, "no")]
)
def test_pods_that_cannot_be_read_are_not_pods_that_use_nothing(
    server: Scripted, api: NodeApi, answer: tuple[int, Any]
) -> None:
    server.script = [answer]
    with pytest.raises(Failure, match="list pods"):
        api.profiles_in_use()


def test_names_that_no_node_has_are_not_asked_for() -> None:
    assert can_be_a_node("ip-10-0-0-1.ec2.internal")
    assert not any(can_be_a_node(name) for name in ("", "Node", "a/b", "..", "a" * 254, "node_1"))
