"""The whole webhook before an API server: several workers, each of which follows the cluster by itself."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.api_server import ApiServer
from tests.cluster.conftest import PATIENCE, kubeconfig
from tests.server.conftest import Server, review

PROGRAM = Path(__file__).with_name("program.py")


@pytest.fixture
def webhook(server: ApiServer, tls: Path, tmp_path: Path) -> Iterator[Server]:
    config = kubeconfig(tmp_path, server.url, tls / "ca.crt")
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, a program of ours
            [sys.executable, "-W", "error", PROGRAM, tmp_path, config, "2"], stdout=out, stderr=err
        )
    webhook = Server(tmp_path, process)
    try:
        webhook.await_start()
        yield webhook
    finally:
        if process.poll() is None:
            webhook.stop()
    assert (tmp_path / "err").read_text() == ""


def verdict(webhook: Server, namespace: str) -> int:
    """The code of a refusal of a pod in *namespace*, or 0."""
    _, body = webhook.send_review(review(namespace=namespace))
    return int(json.loads(body)["response"].get("status", {}).get("code", 0))


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_every_worker_follows_the_cluster_and_so_does_the_one_after_it(
    server: ApiServer, webhook: Server
) -> None:
    server.put("shop", enforce="restricted")
    server.put("open")
    webhook.wait_for("cluster", 2, having="following namespaces")
    assert {verdict(webhook, "shop") for _ in range(10)} == {403}
    assert {verdict(webhook, "open") for _ in range(10)} == {0}
    assert verdict(webhook, "none") == 500

    server.put("open", enforce="restricted")
    until(lambda: {verdict(webhook, "open") for _ in range(10)} == {403})

    [worker, _] = _children(webhook.process.pid)
    os.kill(worker, signal.SIGKILL)
    webhook.wait_for("cluster", 3, having="following namespaces")
    assert {verdict(webhook, "shop") for _ in range(10)} == {403}

    _, text = webhook.ask("GET", "/metrics")
    numbers = dict(line.rsplit(b" ", 1) for line in text.splitlines() if not line.startswith(b"#"))
    assert numbers[b"seccomp_webhook_namespaces"] == b"2.0"
    assert numbers[b"seccomp_webhook_namespaces_stale_since_timestamp_seconds"] == b"0.0"
    assert numbers[b'seccomp_webhook_namespace_lookups_total{outcome="absent"}'] == b"1.0"
    assert numbers[b'seccomp_webhook_api_requests_total{code="200",request="watch namespaces"}'] == b"3.0"


def test_it_is_not_ready_before_it_knows_the_namespaces(server: ApiServer, webhook: Server) -> None:
    webhook.wait_for("cluster", 2, having="following namespaces")
    until(lambda: webhook.ask("GET", "/readyz")[0].status == 200)
    server.forbidden.add("list namespaces")
    for worker in _children(webhook.process.pid):
        os.kill(worker, signal.SIGKILL)
    webhook.wait_for("cluster", 2, having="missing permission: list namespaces")
    response, body = webhook.ask("GET", "/readyz")
    assert response.status == 503
    assert body.startswith(
        b"not ready: the namespaces are not known yet: missing permission: list namespaces: "
    )
    server.forbidden.clear()
    until(lambda: {webhook.ask("GET", "/readyz")[0].status for _ in range(8)} == {200})


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]
