"""What is measured: a kind of review, a number of connections, and how requests follow each other."""

from typing import NamedTuple

from benchmarks.serving.ground import SAMPLES, Sample


class Scenario(NamedTuple):
    """``rate`` is requests per second, from the clock; 0 asks again as soon as it is answered."""

    sample: Sample
    connections: int
    rate: int

    @property
    def name(self) -> str:
        """Short, and different for each."""
        pace = f"{self.rate} requests/s" if self.rate else "closed loop"
        return f"{self.sample.name}, {self.connections} connections, {pace}"


def scenarios(samples: list[str], connections: list[int], rates: list[int]) -> list[Scenario]:
    """All of them."""
    return [
        Scenario(SAMPLES[sample], number, rate)
        for rate in rates
        for sample in samples
        for number in connections
    ]
