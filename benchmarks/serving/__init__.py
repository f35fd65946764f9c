"""Servers side by side over TLS, with Kubernetes' own webhook: requests per second, CPU, latency, memory."""

from collections.abc import Sequence


def main(arguments: Sequence[str] = ()) -> None:
    """Measure as *arguments* say; ``--help`` tells of them."""
    # Candidates are imported from below this package, and their memory is measured.
    from benchmarks.serving import run  # noqa: PLC0415 - as just said

    run.main(arguments)
