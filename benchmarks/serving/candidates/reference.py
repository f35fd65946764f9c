"""Kubernetes' own webhook around the library of the built-in plugin, complete, with its own informer."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.serving.candidates.candidate import Candidate

if TYPE_CHECKING:
    from benchmarks.serving.ground import Ground

_SOURCE: Final = Path(__file__).parents[1] / "reference"


def _command(ground: "Ground", port: int) -> list[str]:
    from tests.conformance.programs import build  # noqa: PLC0415 - not for candidates in Python

    return [
        str(build(_SOURCE)),
        f"--kubeconfig={ground.kubeconfig}",
        f"--config={ground.configuration}",
        f"--tls-cert-file={ground.certificate}",
        f"--tls-private-key-file={ground.key}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
    ]


CANDIDATE = Candidate("reference", _command)
