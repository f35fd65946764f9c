"""The run: all servers up at once, each measured in turn, round after round."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.serving import load
from benchmarks.serving.api_server import ApiServer
from benchmarks.serving.candidates import ALL, Missing
from benchmarks.serving.ground import SAMPLES, Ground, prepared
from benchmarks.serving.load import Figures, NoFigures, measured
from benchmarks.serving.quiet import QUIET, await_quiet
from benchmarks.serving.scenario import Scenario, scenarios
from benchmarks.serving.server import NotStarted, Server
from benchmarks.serving.table import tables
from tests.conformance.programs import Unavailable, build

_LEGEND: Final = """
median (least-most) of the rounds; ÷ Go: median of the ratios to the reference in the same round;
at a constant rate, latencies count from when a request should have started;
core: the share of its core that the server had; others: that of all cores which others had;
MiB: resident, of the largest process; all: of all processes, pages that they share once"""
_FEW: Final = ("baseline", "reference", "shipped")


def main(arguments: Sequence[str] = ()) -> None:
    options = _options(arguments)
    try:
        client = build(load.SOURCE)
    except Unavailable as reason:
        print(f"not measured: {reason}")
        return
    signal.signal(signal.SIGTERM, _stop)
    found: dict[Scenario, dict[str, list[Figures]]] = {
        each: {} for each in scenarios(options.samples, options.connections, options.rates)
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-server-")))
        cores = sorted(os.sched_getaffinity(0))
        stack.callback(os.sched_setaffinity, 0, cores)
        # The last core serves; what asks, and this program, keep to the others.
        os.sched_setaffinity(0, cores[:-1] or cores)
        ground = prepared(folder, stack.enter_context(closing(ApiServer())).url)
        servers = []
        for name in options.candidates:
            try:
                servers.append(stack.enter_context(closing(Server(ALL[name], ground, {cores[-1]}))))
            except (Missing, Unavailable, NotStarted) as reason:
                print(f"{name}: not measured: {reason}", flush=True)
        print(f"{options.rounds} rounds of {options.seconds:g} s, {len(cores)} cores, load {os.getloadavg()}")
        try:
            for number in range(options.rounds):
                for scenario, figures in found.items():
                    _say(f"round {number + 1}: {scenario.name}")
                    # Nobody is always the one after the same other.
                    for server in servers[number % len(servers) :] + servers[: number % len(servers)]:
                        try:
                            one = _undisturbed(client, server, ground, scenario, options)
                        except NoFigures as reason:
                            print(f"{server.candidate.name}, {scenario.name}: {reason}")
                            continue
                        figures.setdefault(server.candidate.name, []).append(one)
                    _write(options.json, found)
        except KeyboardInterrupt:
            _say("stopped early")
    print(tables(found))
    print(_LEGEND)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks serving")
    parser.add_argument("--candidates", default=",".join(_FEW), help=f"all, or some of {', '.join(ALL)}")
    parser.add_argument("--samples", default=",".join(SAMPLES), help="reviews to send: passing,failing")
    parser.add_argument("--connections", default="16,200")
    parser.add_argument("--rates", default="0", help="requests per second; 0 asks as soon as it is answered")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--patience",
        type=float,
        default=0.0,
        help="seconds to wait for others to leave the machine alone, each time",
    )
    parser.add_argument("--quick", action="store_true", help="one round of a second each: does it run?")
    parser.add_argument("--json", type=Path, help="file for all figures")
    options = parser.parse_args(arguments)
    options.candidates = list(ALL) if options.candidates == "all" else options.candidates.split(",")
    if unknown := [name for name in options.candidates if name not in ALL]:
        parser.error(f"no such candidate: {', '.join(unknown)}; there are {', '.join(ALL)}")
    options.samples = options.samples.split(",")
    if unknown := [name for name in options.samples if name not in SAMPLES]:
        parser.error(f"no such sample: {', '.join(unknown)}")
    options.connections = [int(each) for each in options.connections.split(",")]
    options.rates = [int(each) for each in options.rates.split(",")]
    if options.quick:
        options.rounds, options.seconds = 1, 1.0
    return options


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


def _undisturbed(
    client: Path, server: Server, ground: Ground, scenario: Scenario, options: argparse.Namespace
) -> Figures:
    """A measurement during which others did little, if such a time comes while there is patience."""
    until = time.monotonic() + options.patience
    while True:
        await_quiet(until)
        figures = measured(client, server, ground, scenario, options.seconds)
        if figures.others < QUIET or time.monotonic() >= until:
            return figures


def _stop(*_: object) -> None:
    """End as if interrupted: with what there is, and without leaving a server behind."""
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
