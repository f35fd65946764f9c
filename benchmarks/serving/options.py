"""What a run is told."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.serving.candidates import ALL
from benchmarks.serving.ground import SAMPLES

_FEW: Final = ("baseline", "reference", "shipped")


def options_in(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; ends the program with a message where there is no such thing."""
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
    parser.add_argument(
        "--soak", type=int, default=0, metavar="REQUESTS", help="instead: the memory after so many requests"
    )
    parser.add_argument("--quick", action="store_true", help="one round of a second each: does it run?")
    parser.add_argument(
        "--check", action="store_true", help="exit 1 where the shipped server is not as promised"
    )
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
