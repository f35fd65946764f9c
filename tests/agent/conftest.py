"""A registry in memory, and an agent that works on it until its test is over."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from webhook.agent.publication import Publication
from webhook.agent.rounds import Around, Rounds, Times
from webhook.agent.survey import Places, Survey
from webhook.agent.told import Told
from webhook.cluster.node import NodeSaid, Published
from webhook.nodes.report import NodeReport

if TYPE_CHECKING:
    from webhook.cluster.failure import Failure

NODE = "node-1"
UID = "uid-1"
PATIENCE = 20.0


class Registry:
    """As much of an API server as an agent asks."""

    def __init__(self) -> None:
        self.said: NodeSaid | None = NodeSaid(UID, {}, "containerd", "2.1.4", "6.12.7", "amd64")
        self.object: Published | None = None
        self.labels: dict[str, str] = {}
        self.writes: list[NodeReport] = []
        self.failure: Failure | None = None

    def node(self) -> NodeSaid | None:
        self._fail()
        return self.said._replace(labels=dict(self.labels)) if self.said else None

    def published(self) -> Published | None:
        self._fail()
        return self.object

    def publish(self, report: NodeReport, uid: str) -> None:
        self._fail()
        self.object = Published(report, (uid,))
        self.writes.append(report)

    def label(self, labels: Mapping[str, str | None]) -> None:
        self._fail()
        for key, value in labels.items():
            if value is None:
                del self.labels[key]
            else:
                self.labels[key] = value

    def _fail(self) -> None:
        if self.failure:
            raise self.failure

    def paths(self) -> list[str] | None:
        """The paths that are published."""
        report = self.object.report if self.object else None
        return [file.path for file in report.seccomp] if report else None


class Agent:
    """An agent at work in a thread."""

    def __init__(self, root: Path, registry: Registry, times: Times, *, labels: bool = False) -> None:
        self.lines: list[tuple[str, str]] = []
        self.beats = 0
        told = Told(lambda severity, words: self.lines.append((severity, words)))
        survey = Survey(Places(NODE, root, root.parent / "no-app-armor"), told)
        self.rounds = Rounds(
            survey,
            Publication(registry, labels=labels),
            told,
            times=times,
            world=Around(time.monotonic, lambda: 0.5, self._beat),
        )
        self._stop, self._wake = os.pipe()
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.rounds.run(self._stop)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error

    def _beat(self) -> None:
        self.beats += 1

    def stop(self) -> None:
        os.write(self._wake, b"\0")
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        os.close(self._stop)
        os.close(self._wake)

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, self.lines
            assert self.error is None, self.error
            time.sleep(0.01)


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kubelet" / "seccomp"
    folder.mkdir(parents=True)
    return folder


Start = Callable[..., Agent]


@pytest.fixture
def start(root: Path, registry: Registry) -> Iterator[Start]:
    """Starts an agent, which ends with the test."""
    started: list[Agent] = []

    def one(*, interval: float = 600.0, glance: float = 600.0, labels: bool = False) -> Agent:
        started.append(Agent(root, registry, Times(interval, glance, spread=0.0, quiet=0.05), labels=labels))
        return started[-1]

    yield one
    for each in started:
        each.stop()
