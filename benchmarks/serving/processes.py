"""What a server and all its children take, as the kernel counts it."""

from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

_KIB: Final = 1024


class Memory(NamedTuple):
    """MiB that are resident: of the largest process, and of all, where shared pages count once."""

    largest: float
    together: float


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for thread in _threads(pid):
        with suppress(OSError):
            children = (thread / "children").read_text().split()
            found += [each for child in children for each in family(int(child))]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its descendants so far, to the nanosecond.

    Threads that have ended are not in it: servers keep theirs.
    """
    nanoseconds = 0
    for process in family(pid):
        for thread in _threads(process):
            with suppress(OSError):
                nanoseconds += int((thread / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def memory(pid: int) -> Memory:
    """What a process and its descendants hold now."""
    each = [_rollup(process) for process in family(pid)]
    return Memory(max(one["Rss"] for one in each) / _KIB, sum(one["Pss"] for one in each) / _KIB)


def _threads(pid: int) -> list[Path]:
    with suppress(OSError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def _rollup(pid: int) -> dict[str, int]:
    found = {"Rss": 0, "Pss": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, size, *_ = line.replace(":", " ").split()
            if name in found:
                found[name] = int(size)
    return found
