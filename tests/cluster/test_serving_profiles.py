"""The whole webhook before an API server, asked about pods that use profiles of nodes."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.api_server import ApiServer
from tests.cluster.conftest import PATIENCE, kubeconfig
from tests.cluster.test_inventory import NODES, PROFILES, holds, node
from tests.server.conftest import Server, review

Start = Callable[..., Server]


def configured(folder: Path, mode: str) -> None:
    """Have *mode* asked from now on; the file is replaced as editors and Kubernetes do."""
    config = {
        "apiVersion": "seccomp-webhook.io/v1",
        "kind": "Configuration",
        "localhostProfiles": {"mode": mode},
    }
    draft = folder / "draft"
    draft.write_text(json.dumps(config))
    draft.replace(folder / "config.yaml")


@pytest.fixture
def start(server: ApiServer, tls: Path, tmp_path: Path) -> Iterator[Start]:
    server.serve(NODES, PROFILES)
    server.put("shop")
    for name in "ab":
        server.place(NODES, node(name))
        server.place(PROFILES, holds(name, "good.json"))
    started: list[Server] = []

    def run(mode: str, *arguments: str | Path) -> Server:
        configured(tmp_path, mode)
        config = kubeconfig(tmp_path, server.url, tls / "ca.crt")
        with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
            process = subprocess.Popen(  # noqa: S603 - this interpreter, our program
                [
                    sys.executable, "-W", "error", "-m", "webhook", "serve", "--self-signed",
                    "--tls-dir", tmp_path / "tls", "--address", "127.0.0.1", "--port", "0",
                    "--kubeconfig", config, "--config", tmp_path / "config.yaml", *arguments,
                ],
                stdout=out, stderr=err,
            )  # fmt: skip
        webhook = Server(tmp_path, process)
        started.append(webhook)
        webhook.await_start()
        webhook.wait_for("cluster", having="following namespaces")
        return webhook

    yield run
    for each in started:
        assert each.stop() == 0


def said_of(webhook: Server, profile: str) -> tuple[bool, str]:
    """Whether a pod with *profile* is let in, and what is said of it."""
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": profile}}
    pod = {
        "metadata": {"name": "cart"},
        "spec": {"securityContext": context, "containers": [{"name": "web"}]},
    }
    _, body = webhook.send_review(review(object=pod))
    response = json.loads(body)["response"]
    return response["allowed"], response.get("status", {}).get("message", "")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def number(webhook: Server, name: str) -> float:
    _, text = webhook.ask("GET", "/metrics")
    return sum(float(line.rsplit(b" ", 1)[1]) for line in text.splitlines() if line.startswith(name.encode()))


def test_pods_are_refused_and_let_in_as_profiles_come_and_go(server: ApiServer, start: Start) -> None:
    webhook = start("enforce")
    webhook.wait_for("cluster", having="following node profiles; 2 are known")
    webhook.wait_for("cluster", having="following nodes; 2 are known")

    assert said_of(webhook, "good.json") == (True, "")
    allowed, words = said_of(webhook, "half.json")
    assert not allowed
    assert 'seccomp profile "half.json": it is missing on all 2 nodes' in words
    server.place(PROFILES, holds("a", "good.json", "half.json"))
    until(lambda: "it is missing on 1 of 2 nodes" in said_of(webhook, "half.json")[1])
    server.place(PROFILES, holds("b", "good.json", "half.json"))
    until(lambda: said_of(webhook, "half.json")[0])
    server.take(PROFILES, "b")
    until(lambda: number(webhook, "seccomp_webhook_node_profiles_known") == 1)
    assert said_of(webhook, "half.json")[0], "what is not known is not missing"
    assert number(webhook, "seccomp_webhook_nodes_known") == 2
    assert number(webhook, 'seccomp_webhook_inventory_stale_since_timestamp_seconds{of="nodes"}') == 0


def test_it_is_switched_on_and_off_without_a_restart(server: ApiServer, start: Start, tmp_path: Path) -> None:
    webhook = start("off")
    assert said_of(webhook, "none.json") == (True, "")
    assert not any("nodes" in path or "nodeprofiles" in path for path, _ in server.requests)
    configured(tmp_path, "enforce")
    until(lambda: not said_of(webhook, "none.json")[0])
    configured(tmp_path, "off")
    until(lambda: said_of(webhook, "none.json")[0])


@pytest.mark.parametrize("resource", ["nodes", "nodeprofiles.seccomp-webhook.io"])
def test_it_is_ready_without_the_rights_to_look_at_nodes(
    server: ApiServer, start: Start, resource: str
) -> None:
    server.forbidden.add(f"list {resource}")
    webhook = start("enforce")
    webhook.wait_for("cluster", having=f"missing permission: list {resource}")

    until(lambda: webhook.ask("GET", "/readyz")[0].status == 200)
    assert said_of(webhook, "none.json")[0]


def test_a_folder_is_the_only_node(server: ApiServer, start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "mine.json").write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
    webhook = start("enforce", "--profiles", folder)
    webhook.wait_for("cluster", having="1 are known")

    assert said_of(webhook, "mine.json") == (True, "")
    assert "it is missing on node this-node" in said_of(webhook, "good.json")[1]
    (folder / "good.json").write_text('{"defaultAction": "SCMP_ACT_ERRNO"}')
    until(lambda: said_of(webhook, "good.json")[0])
    (folder / "mine.json").write_text("no JSON")
    until(lambda: "it cannot be used on node this-node" in said_of(webhook, "mine.json")[1])
    folder.rename(tmp_path / "away")
    webhook.wait_for("cluster", having="there is no such folder; going on")
    assert said_of(webhook, "good.json")[0]
    (tmp_path / "away").rename(folder)
    webhook.wait_for("cluster", 2, having="read again")
    assert not any("/nodes" in path for path, _ in server.requests)
