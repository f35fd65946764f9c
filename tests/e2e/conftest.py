"""Clusters for the suites of this folder, which run only where they are asked for: ``pytest tests/e2e``."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from tests.e2e.binaries import CONTROL_PLANE, ROOT, Unavailable, are_required, program
from tests.e2e.cluster import WebhookCluster
from tests.e2e.control_plane import Extent
from tests.e2e.node import PROGRAMS, Node, check
from tests.e2e.node_clearing import clear_below
from tests.e2e.processes import end_all, left_over, own_folder

HERE = Path(__file__).parent
PLACE = ROOT / ".local" / "e2e"


def pytest_configure(config: pytest.Config) -> None:
    """Tell of the marks by which a test says what it does to the webhook."""
    config.addinivalue_line("markers", "lets_in: for a time, whoever asks is let in unasked")
    config.addinivalue_line("markers", "ends_webhook: the test itself ends the webhook, and starts it again")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Nothing here is a test to those who asked for all tests: clusters take minutes."""
    asked = [(config.invocation_params.dir / arg.partition("::")[0]).resolve() for arg in config.args]
    is_asked_for = any(path.is_relative_to(HERE) for path in asked)
    return None if is_asked_for or not collection_path.is_relative_to(HERE) else True


def need(*programs: str) -> None:
    """Skip, or fail where the suites must run, unless the programs can be had."""
    try:
        # The first ties every process to the tests.
        for name in ("setpriv", *programs):
            program(name)
    except Unavailable as missing:
        give_up(missing)


def give_up(missing: Unavailable) -> NoReturn:
    """Skip, or fail where the suites must run."""
    (pytest.fail if are_required() else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder of this run; after a failure it stays, with the logs, until the next run."""
    for earlier in left_over(PLACE):
        clear_below(earlier)
        end_all(earlier)
        shutil.rmtree(earlier, ignore_errors=True)
    folder = own_folder(PLACE)
    yield folder
    left = end_all(folder)
    if request.session.testsfailed:
        for data in folder.glob("**/etcd"):
            shutil.rmtree(data, ignore_errors=True)
    else:
        shutil.rmtree(folder)
    assert left == [], "these ran on after their tests"


@pytest.fixture(scope="session")
def cluster(place: Path) -> Iterator[WebhookCluster]:
    """A cluster with the webhook in it, for tests that change only what is their own."""
    need("etcd", "kube-apiserver")
    with WebhookCluster(place / "cluster") as started:
        yield started


class NodeCluster(NamedTuple):
    """A cluster with controllers and a node."""

    cluster: WebhookCluster
    node: Node


@pytest.fixture(scope="session")
def nodes(place: Path) -> Iterator[NodeCluster]:
    """A cluster that runs pods."""
    need("etcd", *CONTROL_PLANE, "kubectl", *PROGRAMS)
    try:
        check()
    except Unavailable as missing:
        give_up(missing)
    with (
        WebhookCluster(place / "node-cluster", extent=Extent.NODES) as cluster,
        Node(place / "node", cluster.plane) as node,
    ):
        yield NodeCluster(cluster, node)


@pytest.fixture
def announce(pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line on the terminal, whatever becomes of the test."""

    def print_line(text: str) -> None:
        with capsys.disabled():
            pytestconfig.get_terminal_writer().line(text)

    return print_line
