"""The product as it is shipped, from its command line."""

import sys
from typing import TYPE_CHECKING

from benchmarks.serving.candidates.candidate import Candidate

if TYPE_CHECKING:
    from benchmarks.serving.ground import Ground


def _command(ground: "Ground", port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "webhook", "serve"),
        *("--address", "127.0.0.1"),
        *("--port", str(port)),
        *("--tls-dir", str(ground.tls)),
        *("--kubeconfig", str(ground.kubeconfig)),
        *("--config", str(ground.configuration)),
        # A line for every decision, as the others write one.
        *("--log-rate", "0"),
    ]


CANDIDATE = Candidate("shipped", _command)
