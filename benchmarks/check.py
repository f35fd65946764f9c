"""``check`` on a small file, on 1,000 and on 10,000 manifests: CPU of the whole process, and its memory."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks import corpus

SMALL: Final = Path(__file__).parents[1] / "examples" / "pod-refused.yaml"
_REPEATS: Final = 5


class Usage(NamedTuple):
    """What a process took, from its start to its end."""

    cpu_seconds: float
    peak_mib: float


def checked(paths: Sequence[Path], report: Path) -> Usage:
    """What ``check`` of *paths* takes, with the report in JSON."""
    command = [sys.executable, "-m", "webhook", "check", *map(str, paths), "-o", f"json={report}"]
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) != 1:
        sys.exit(f"{' '.join(command)} was to find violations, and ended with {status}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        best = min(checked([SMALL], report) for _ in range(_REPEATS))
        print(f"one small file: {best.cpu_seconds:.3f} s CPU, {best.peak_mib:.0f} MiB, interpreter included")
        for manifests, repeats in ((1_000, 3), (10_000, 1)):
            place = Path(folder) / str(manifests)
            place.mkdir()
            files = corpus.write(place, manifests)
            size = sum(path.stat().st_size for path in place.rglob("*.yaml"))
            best = min(checked([place], report) for _ in range(repeats))
            figures = (
                f"{best.cpu_seconds / manifests * 1000:.2f} ms CPU each, {best.peak_mib:.0f} MiB at most"
            )
            print(f"{manifests:,} manifests in {files:,} files, {size / 1e6:.1f} MB: {figures}")
