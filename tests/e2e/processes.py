"""Processes that end with those who started them, and that a later run finds when they did not.

Each has its log and its pid in a folder. The pid stands there with the time at which the process started, so
that nobody else's process is ever ended in its place.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

PATIENCE: Final = 120.0
_STEP: Final = 0.05
_STARTED = 19
"""Where ``/proc/<pid>/stat`` has the time of the start, counted from behind the name."""


def wait_for(is_so: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as *is_so* holds. Raises TimeoutError after *patience* seconds."""
    until = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"after {patience} s it is still not so that {what}")
        time.sleep(_STEP)


class Died(AssertionError):
    """A process ended by itself; tells the end of its log."""


class Process:
    """A program that runs in the background, with its output in ``<folder>/<name>.log``.

    Unless it *stays*, the kernel ends it when the thread that started it ends, whatever the reason.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        stays: bool = False,
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._pid_file = folder / f"{name}.pid"
        tied = () if stays else ("setpriv", "--pdeathsig", "KILL")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - programs of the cluster, and ours
                [*tied, *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, **(environment or {})},
            )  # fmt: skip
        self._pid_file.write_text(f"{self.pid} {started_at(self.pid)}")

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until(self, is_so: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Return as soon as *is_so* holds. Raises Died, or TimeoutError after *patience* seconds."""

        def is_so_and_lives() -> bool:
            if self.process.poll() is not None:
                raise Died(f"{self.name} ended with status {self.process.returncode}:\n{self.last_words()}")
            return is_so()

        wait_for(is_so_and_lives, f"{self.name} is {what}", patience)

    def last_words(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, patience: float = 15.0) -> int:
        """End the process in order, or by force when it takes too long; its status."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        return self.kill()

    def kill(self) -> int:
        """End the process, and those that it started, at once; its status."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        status = self.process.wait(PATIENCE)
        self._pid_file.unlink(missing_ok=True)
        return status


def started_at(pid: int) -> str:
    """When the process with *pid* started, or nothing when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[_STARTED]


def running_in(folder: Path) -> dict[str, int]:
    """The processes whose pids are in *folder* or below it and that run: their pids by their names."""
    found = {}
    for pid_file in sorted(folder.glob("**/*.pid")):
        pid, _, start = pid_file.read_text().partition(" ")
        if start and started_at(int(pid)) == start:
            found[pid_file.stem] = int(pid)
    return found


def end_all(folder: Path) -> list[str]:
    """End every process whose pid is in *folder* or below it; their names."""
    running = running_in(folder)
    for pid in running.values():
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    wait_for(lambda: not running_in(folder), f"{', '.join(running)} ended")
    return list(running)


def left_over(place: Path) -> list[Path]:
    """The folders in *place*, each named after a process, whose process is no more."""
    found = []
    for folder in place.glob("*-*"):
        pid, _, start = folder.name.partition("-")
        if pid.isdecimal() and started_at(int(pid)) != start:
            found.append(folder)
    return found


def own_folder(place: Path) -> Path:
    """A folder of this process in *place*."""
    folder = place / f"{os.getpid()}-{started_at(os.getpid())}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
