"""The run: all servers up at once, each measured in turn, round after round."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.serving import load
from benchmarks.serving.api_server import ApiServer
from benchmarks.serving.candidates import ALL, Missing
from benchmarks.serving.goals import missed
from benchmarks.serving.ground import prepared
from benchmarks.serving.load import Client, Figures, NoFigures
from benchmarks.serving.options import options_in
from benchmarks.serving.quiet import QUIET, await_quiet
from benchmarks.serving.scenario import Scenario, scenarios
from benchmarks.serving.server import NotStarted, Server
from benchmarks.serving.soak import soak
from benchmarks.serving.table import Found, tables
from tests.conformance.programs import Unavailable, build

_LEGEND: Final = """
median (least-most) of the rounds; ÷ Go: median of the ratios to the reference in the same round;
at a constant rate, latencies count from when a request should have started;
core: the share of its core that the server had; others: that of all cores which others had;
MiB: resident, of the largest process; all: of all processes, pages that they share once"""


def main(arguments: Sequence[str] = ()) -> None:
    options = options_in(arguments)
    try:
        program = build(load.SOURCE)
    except Unavailable as reason:
        print(f"not measured: {reason}")
        if options.check:
            sys.exit(1)
        return
    signal.signal(signal.SIGTERM, _stop)
    with _started(program, options.candidates) as (client, servers):
        if options.soak:
            for server in servers:
                soak(client, server, max(options.connections), options.soak)
            return
        found = _compare(client, servers, options)
    if options.check and (said := missed(found)):
        print("\nnot as promised:", *said, sep="\n")
        sys.exit(1)


@contextmanager
def _started(program: Path, names: Sequence[str]) -> Iterator[tuple[Client, list[Server]]]:
    """The client and the servers of that name that can run here; what asks and what serves on other cores."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-server-")))
        cores = sorted(os.sched_getaffinity(0))
        stack.callback(os.sched_setaffinity, 0, cores)
        os.sched_setaffinity(0, cores[:-1] or cores)
        ground = prepared(folder, stack.enter_context(closing(ApiServer())).url)
        servers = []
        for name in names:
            try:
                servers.append(stack.enter_context(closing(Server(ALL[name], ground, {cores[-1]}))))
            except (Missing, Unavailable, NotStarted) as reason:
                print(f"{name}: not measured: {reason}", flush=True)
        yield Client(program, ground), servers


def _compare(client: Client, servers: list[Server], options: argparse.Namespace) -> Found:
    found: dict[Scenario, dict[str, list[Figures]]] = {
        each: {} for each in scenarios(options.samples, options.connections, options.rates)
    }
    print(f"{options.rounds} rounds of {options.seconds:g} s, {os.cpu_count()} cores, load {os.getloadavg()}")
    try:
        for number in range(options.rounds):
            # Nobody is always the one after the same other.
            first = number % max(len(servers), 1)
            for scenario, figures in found.items():
                _say(f"round {number + 1}: {scenario.name}")
                for server in servers[first:] + servers[:first]:
                    try:
                        one = _undisturbed(client, server, scenario, options)
                    except NoFigures as reason:
                        print(f"{server.candidate.name}, {scenario.name}: {reason}")
                        continue
                    figures.setdefault(server.candidate.name, []).append(one)
                _write(options.json, found)
    except KeyboardInterrupt:
        _say("stopped early")
    print(tables(found))
    print(_LEGEND)
    return found


def _undisturbed(client: Client, server: Server, scenario: Scenario, options: argparse.Namespace) -> Figures:
    """A measurement during which others did little, if such a time comes while there is patience."""
    until = time.monotonic() + options.patience
    while True:
        await_quiet(until)
        figures = client.measured(server, scenario, options.seconds)
        if figures.others < QUIET or time.monotonic() >= until:
            return figures


def _write(file: Path | None, found: dict[Scenario, dict[str, list[Figures]]]) -> None:
    if file is None:
        return
    written = [
        {
            "sample": scenario.sample.name,
            "connections": scenario.connections,
            "rate": scenario.rate,
            "candidates": {name: [one.as_json() for one in each] for name, each in rounds.items()},
        }
        for scenario, rounds in found.items()
    ]
    file.write_text(json.dumps(written, indent=1) + "\n")


def _stop(*_: object) -> None:
    """End as if interrupted: with what there is, and without leaving a server behind."""
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
