"""An API server, and clusters as we see them through it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs import Names, self_signed
from tests.cluster.api_server import ApiServer
from tests.cluster.witness import Witness
from webhook.cluster import Access, LiveCluster
from webhook.cluster.live import SystemTimes

PATIENCE = 15.0


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    self_signed(folder, Names(), now=datetime.now(UTC))
    return folder


@pytest.fixture
def server(tls: Path) -> Iterator[ApiServer]:
    server = ApiServer(tls)
    yield server
    if not server.stopped:
        server.stop()


def kubeconfig(folder: Path, url: str, authority: Path, **user: str) -> Path:
    """A kubeconfig for *url*, whose authority is the certificate in *authority*."""
    file = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "us"}}],
        "clusters": [{"name": "here", "cluster": {"server": url, "certificate-authority": str(authority)}}],
        "users": [{"name": "us", "user": user or {"token": "good"}}],
    }
    # JSON is YAML.
    file.write_text(json.dumps(config))
    return file


@pytest.fixture
def access(server: ApiServer, tls: Path, tmp_path: Path) -> Access:
    return Access.of_kubeconfig(str(kubeconfig(tmp_path, server.url, tls / "ca.crt")))


class UntilOver(SystemTimes):
    """The machine's clocks, on which a thread that outlives its test never wakes again."""

    def __init__(self) -> None:
        self.over = False

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.2))
        if self.over:
            threading.Event().wait()


Follow = Callable[[Access], "Running"]


@pytest.fixture
def follow(server: ApiServer) -> Iterator[Follow]:
    """Follows a cluster for as long as the test lasts."""
    times = UntilOver()
    yield lambda access: Running(access, times)
    times.over = True
    if not server.stopped:
        server.stop()


class Running:
    """A cluster that is followed, and what it told."""

    def __init__(self, access: Access, times: UntilOver) -> None:
        self.witness = Witness()
        self.cluster = LiveCluster(access, times)
        self.cluster.start(self.witness)

    def ready(self) -> LiveCluster:
        self.until(lambda: self.cluster.waits_for() is None)
        return self.cluster

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, self.witness.lines
            time.sleep(0.005)
