"""Whether memory stays flat: very many requests to one server, passing and failing by turns."""

from typing import Final

from benchmarks.serving.ground import SAMPLES
from benchmarks.serving.load import Client
from benchmarks.serving.scenario import Scenario
from benchmarks.serving.server import Server

_STEPS: Final = 20


def soak(client: Client, server: Server, connections: int, requests: int) -> None:
    """Print the memory that *server* holds after each of twenty parts of the *requests*."""
    done = failed = 0
    for step in range(_STEPS):
        sample = list(SAMPLES.values())[step % len(SAMPLES)]
        scenario = Scenario(sample, connections, rate=0)
        part = client.measured(server, scenario, seconds=1.0, requests=requests // _STEPS)
        done, failed = done + part.requests, failed + part.failed
        print(
            f"{server.candidate.name}: after {done:>9,} requests {part.mib:.1f} MiB, {part.mib_together:.1f}"
            f" with all its processes; {failed} failed",
            flush=True,
        )
