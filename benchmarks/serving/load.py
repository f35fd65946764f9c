"""One measurement: the Go client against one server, and what the server took meanwhile."""

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.serving import processes
from benchmarks.serving.ground import Ground
from benchmarks.serving.quiet import busy_seconds
from benchmarks.serving.scenario import Scenario
from benchmarks.serving.server import Server

SOURCE: Final = Path(__file__).with_name("load")
_GRACE: Final = 60.0


class NoFigures(Exception):
    """The client ended without figures; says why."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Latencies are in milliseconds, memory in MiB.

    ``busy`` is the share of a core that the server had, ``others`` that of all cores which others had.
    """

    requests: int
    per_second: float
    cpu_us: float
    busy: float
    others: float
    p50: float
    p95: float
    p99: float
    max: float
    mib: float
    mib_together: float
    errors: dict[str, int]

    @property
    def failed(self) -> int:
        """Requests that were not answered well."""
        return sum(self.errors.values())

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Client:
    """The Go *program*, which sends the reviews of *ground*."""

    program: Path
    ground: Ground

    def measured(self, server: Server, scenario: Scenario, seconds: float, requests: int = 0) -> Figures:
        """What comes of *scenario* in some seconds, or in so many *requests* where they are said.

        Raises NoFigures.
        """
        command = [
            str(self.program),
            *("-address", f"127.0.0.1:{server.port}"),
            *("-ca", str(self.ground.authority)),
            *("-body", str(self.ground.review(scenario.sample))),
            *("-expect", scenario.sample.verdict if server.candidate.judges else ""),
            *("-connections", str(scenario.connections)),
            *(("-requests", str(requests)) if requests else ("-seconds", f"{seconds}s")),
            *("-rate", str(scenario.rate)),
            *("-warm", f"{max(0.5, seconds / 4)}s"),
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:  # noqa: S603 - ours
            try:
                _line_of(client)
                before = _spent(server, client)
                _go_on(client)
                found = _line_of(client)
                spent = _Spent(
                    *(now - then for now, then in zip(_spent(server, client), before, strict=True))
                )
                held = server.memory
                client.communicate("\n", timeout=_GRACE)
            except BaseException:
                client.kill()
                raise
        server.forget_log()
        count, took, latency = found["requests"], found["seconds"], found["latency"]
        others = max(spent.everything - spent.client - spent.server, 0.0)
        return Figures(
            requests=count,
            per_second=count / took,
            cpu_us=spent.server / count * 1e6 if count else float("nan"),
            busy=spent.server / took,
            others=others / took / (os.cpu_count() or 1),
            **{name: latency.get(name, float("nan")) for name in ("p50", "p95", "p99", "max")},
            mib=held.largest,
            mib_together=held.together,
            errors=found["errors"],
        )


class _Spent(NamedTuple):
    """Seconds of CPU time."""

    everything: float
    client: float
    server: float


def _spent(server: Server, client: "subprocess.Popen[str]") -> _Spent:
    return _Spent(busy_seconds(), processes.cpu_seconds(client.pid), server.cpu_seconds)


def _line_of(client: "subprocess.Popen[str]") -> dict[str, Any]:
    # The client bounds all that it does: an answer's time, and the number of requests.
    line = client.stdout.readline() if client.stdout else ""
    if not line:
        raise NoFigures(f"the client ended with status {client.wait(_GRACE)}")
    told: dict[str, Any] = json.loads(line)
    return told


def _go_on(client: "subprocess.Popen[str]") -> None:
    if client.stdin:
        client.stdin.write("\n")
        client.stdin.flush()
