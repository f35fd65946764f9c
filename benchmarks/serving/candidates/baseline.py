"""No webhook: a Go program that answers yes to everything. What client, TLS and kernel cost alone."""

from typing import TYPE_CHECKING

from benchmarks.serving.candidates.candidate import Candidate

if TYPE_CHECKING:
    from benchmarks.serving.ground import Ground


def _command(ground: "Ground", port: int) -> list[str]:
    from benchmarks.serving.load import SOURCE  # noqa: PLC0415 - not for candidates in Python
    from tests.conformance.programs import build  # noqa: PLC0415 - as above

    files = ["-cert", str(ground.certificate), "-key", str(ground.key)]
    return [str(build(SOURCE)), "respond", "-address", f"127.0.0.1:{port}", *files]


CANDIDATE = Candidate("baseline", _command, judges=False)
